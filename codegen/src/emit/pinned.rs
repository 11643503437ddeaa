//! The list of a platform's pinned kinds, from which follows what a cluster must serve and allow.

use std::collections::BTreeSet;

use planewright_definitions::model::{Kind, Scope};
use quote::quote;

/// The constant `PINNED` at the root of the generated modules: every provider kind of this run, sorted.
pub(crate) fn pinned(kinds: &[Kind], managed: &BTreeSet<(String, String)>) -> String {
    let mut kinds: Vec<&Kind> = kinds.iter().collect();
    kinds.sort_by(|a, b| (&a.group, &a.version, &a.kind).cmp(&(&b.group, &b.version, &b.kind)));
    let kinds = kinds.into_iter().map(|kind| {
        let (group, version, name, plural) = (&kind.group, &kind.version, &kind.kind, &kind.plural);
        let scope = match kind.scope {
            Scope::Namespaced => quote!(Namespaced),
            Scope::Cluster => quote!(Cluster),
        };
        let kind = quote! {
            ::planewright::generated::PinnedKind::new(
                #group, #version, #name, #plural, ::planewright::generated::Scope::#scope
            )
        };
        let managed = managed.contains(&(group.clone(), name.clone())).then(|| quote!(.managed()));
        format!("    {kind}{},\n", managed.unwrap_or_default())
    });
    format!(
        "/// Every kind that the schemas of this platform pin.\n#[allow(dead_code)]\n\
         pub const PINNED: &[::planewright::generated::PinnedKind] = &[\n{}];\n",
        kinds.collect::<String>()
    )
}
