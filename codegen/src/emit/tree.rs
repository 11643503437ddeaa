//! The files of generated modules.

use std::collections::BTreeMap;

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
/// `root` is the name of the outermost file. `kinds` are sorted by group, version and kind.
pub(crate) fn tree(root: &str, kinds: Vec<(&Module, String)>) -> Vec<File> {
    let mut files = Vec::with_capacity(kinds.len());
    // For each folder: the modules in it, and the kinds whose structs it offers.
    let mut folders: BTreeMap<Vec<String>, Folder> = BTreeMap::new();
    folders.entry(Vec::new()).or_default();
    for (module, contents) in kinds {
        let mut path = group_path(&module.group);
        path.push(ident::snake(&module.version));
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
            files.push(File { path: root.to_owned(), contents: format!("{BANNER}{}", lines.collect::<String>()) });
        } else {
            files.push(File { path: format!("{}/mod.rs", folder_path(&path)), contents: source(vec![items], true) });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
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
