//! The files of generated modules.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::types::identifier;
use super::{BANNER, group_path, source};
use crate::ident;
use crate::normalise::Module;
use crate::output::File;

/// Lints that say nothing about code which follows foreign schemas.
const ALLOWED: &str = "#[allow(clippy::all, clippy::pedantic, missing_docs, non_camel_case_types, unreachable_pub, \
                       unused_imports, unused_qualifications, rustdoc::all)]\n";

/// A file for every kind, and for every module around them.
///
/// `root` is the name of the outermost file, which ends with `pinned`. `kinds` are sorted by group, version and kind.
pub(crate) fn tree(root: &str, kinds: Vec<(&Module, String)>, pinned: String) -> Vec<File> {
    let mut files = Vec::with_capacity(kinds.len());
    // For each folder: the modules in it, and the kinds whose structs it offers.
    let mut folders: BTreeMap<Vec<String>, Folder> = BTreeMap::new();
    folders.entry(Vec::new()).or_default();
    for (module, contents) in kinds {
        let path = folder_of(module);
        for depth in 0..path.len() {
            let child = path[depth].clone();
            folders.entry(path[..depth].to_vec()).or_default().modules.insert(child, None);
        }
        let folder = folders.entry(path.clone()).or_default();
        folder.modules.insert(module.module.clone(), Some(module.name.clone()));
        files.push(File { path: format!("{}/{}.rs", folder_path(&path), file_name(&module.module)), contents });
    }
    for (path, folder) in folders {
        let items: TokenStream = folder.items();
        if path.is_empty() {
            // Attributes of the enclosing module would be refused where the file is included.
            let lines = folder.modules.keys().map(|name| format!("{ALLOWED}pub mod {name};\n"));
            files.push(File {
                path: root.to_owned(),
                contents: format!("{BANNER}{}{pinned}", lines.collect::<String>()),
            });
        } else {
            files.push(File { path: format!("{}/mod.rs", folder_path(&path)), contents: source(vec![items], true) });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Gives each kind a module, and so a file, of its own: where two would share one, the later one gets a suffix.
///
/// `modules` are sorted by group, version and kind.
pub(crate) fn separate<'a>(modules: impl IntoIterator<Item = &'a mut Module>) {
    let mut modules: Vec<&mut Module> = modules.into_iter().collect();
    let mut taken: BTreeSet<Vec<String>> = BTreeSet::new();
    for module in &modules {
        let folder = folder_of(module);
        taken.extend((1..=folder.len()).map(|depth| folder[..depth].to_vec()));
        // The folder's own file is `mod.rs`.
        taken.insert([folder, vec![ident::snake("mod")]].concat());
    }
    for module in &mut modules {
        let mut path = folder_of(module);
        path.push(module.module.clone());
        if !taken.insert(path) {
            module.module = format!("{}_{}", file_name(&module.module), ident::digest(&module.kind));
        }
    }
}

/// The modules around a kind's own.
fn folder_of(module: &Module) -> Vec<String> {
    let mut path = group_path(&module.group);
    path.push(ident::snake(&module.version));
    path
}

#[derive(Default)]
struct Folder {
    modules: BTreeMap<String, Option<String>>,
}

impl Folder {
    fn items(&self) -> TokenStream {
        let items = self.modules.iter().map(|(module, kind)| {
            let module = identifier(module);
            let kind = kind.as_deref().map(|kind| {
                let kind = identifier(kind);
                quote!(pub use #module::#kind;)
            });
            quote!(pub mod #module; #kind)
        });
        items.collect()
    }
}

fn folder_path(path: &[String]) -> String {
    path.iter().map(|segment| file_name(segment)).collect::<Vec<_>>().join("/")
}

/// The file of a module: raw identifiers lose their mark.
fn file_name(module: &str) -> &str {
    module.trim_start_matches("r#")
}
