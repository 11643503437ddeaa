//! What is not emitted, and what is said of it.

use planewright::emit::{FunctionStep, Package, Pipeline, Runtime};
use planewright::platform::{Composition, Platform};
use serde_json::json;

use crate::platform::{ByHand, Layout, Refused, nothing, package, platform, told};

#[test]
fn every_fault_of_a_description_is_told_with_its_remedy() {
    let pipeline = Pipeline::new()
        .name("Shop")
        .label("tier/", "gold plated")
        .before(FunctionStep::new("shop", "function-x", "latest").input(json!({"kind": "Input"})))
        .credentials("bank", "shops", "one")
        .credentials("bank", "shops", "two")
        .credentials("safe", "my.shops", "Safe")
        .credentials("", "shops", "none");
    let package = Package::new("acme/shops:v1")
        .function("registry.example.org/acme/shop-function")
        .crossplane("two or later")
        .provider("xpkg.example.org/providers/storage", "2")
        .provider("xpkg.example.org/providers/storage", "v2.0.0")
        .annotation("a b", "c")
        .pipeline("shop", pipeline)
        .pipeline("ship", Pipeline::new())
        .runtime(Runtime::new().replicas(0).requests(100, 512).namespace("Crossplane"));
    insta::assert_snapshot!(told(platform(&["shop"], package)), @r#"
    error: package: "two or later" is no constraint of versions of Crossplane
     = help: write it as `>=v2.0.0`, or `>=v2.0.0, <v3.0.0`
    error: package: "2" is no version of the provider xpkg.example.org/providers/storage
     = help: give the oldest version that will do, such as v1.2.3
    error: package: the provider xpkg.example.org/providers/storage is named twice
     = help: name it once
    error: package: "a b" cannot be the key of an annotation
     = help: write it as PREFIX/NAME
    error: pipeline "ship": there is no composition of this name
     = help: name one of those that `planewright::main!` lists: shop
    error: pipeline "shop": "tier/": "gold plated" cannot be a label
     = help: keys are PREFIX/NAME; values have 63 letters, digits, - _ . at most
    error: pipeline "shop": the step "shop" is there twice, or has no name
     = help: give every step a name of its own; "shop" is the composition's
    error: pipeline "shop": the function "function-x" is no repository: it names no registry
     = help: name its package as REGISTRY/ORGANISATION/NAME, without a tag
    error: pipeline "shop": "latest" is no version of the function function-x
     = help: give the oldest version that will do, such as v1.2.3
    error: pipeline "shop": the input of the step "shop" has no apiVersion and kind
     = help: give it both, as the function documents them
    error: pipeline "shop": the step "shop" has credentials "bank" twice
     = help: give each a name of its own
    error: pipeline "shop": the step "shop" has credentials without a name
     = help: give each a name of its own
    error: pipeline "shop": the step "shop" takes the credentials "safe" from "Safe" in "my.shops", which cannot be a Secret
     = help: name the namespace of the Secret, and then the Secret, in lower case letters, digits and -
    error: runtime: no Pod would run the function
     = help: give one replica at least
    error: runtime: 100 thousandths of a core, 512 MiB of memory and 256 MiB at most cannot be
     = help: ask for more than nothing, and for no more memory than there is at most
    error: runtime: "Crossplane" is no namespace
     = help: name the one that Crossplane runs in
    error: package: the repository "acme/shops:v1" is none: "acme" is no registry: Crossplane v2 has no default registry
     = help: name it as REGISTRY/ORGANISATION/NAME, such as registry.example.org/acme/networks
    error: package: the function's package is called "shop-function"
     = help: Crossplane asks that names of function packages begin with `function-`
    error: composition "shop": "Shop" cannot be the name of a Composition
     = help: use lower case letters, digits, - and . in Pipeline::name
    "#);
}

/// An input with a field that the program itself has.
#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Choosing {
    composition: String,
}

impl planewright::compose::StepInput for Choosing {
    const GROUP: &'static str = "shops.fn.example.org";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Choosing";
}

#[test]
fn what_a_control_plane_would_refuse_is_not_emitted() {
    let input = package().pipeline("shop", Pipeline::new().input(&Layout { floors: 0 }));
    insta::assert_snapshot!(told(platform(&["shop"], input)), @r#"
    error: apis/shops/composition.yaml: input of the step "shop": floors: 0 is too small; it must be at least 1
     = help: correct the input given with Pipeline::input
    "#);
    let newer = package().pipeline("a", Pipeline::new().version("1.3.0")).pipeline("b", Pipeline::new().version("two"));
    insta::assert_snapshot!(told(platform(&["a", "b"], newer)), @r#"
    error: pipeline "a": the version 1.3.0 of the Composition is newer than the crate, 1.2.3
     = help: raise `version` in Cargo.toml, or leave Pipeline::version out
    error: pipeline "b": "two" is no version of a Composition
     = help: write it as MAJOR.MINOR.PATCH, such as 1.2.3
    "#);
    let own = package().pipeline("shop", Pipeline::new().input(&Choosing { composition: String::new() }));
    insta::assert_snapshot!(told(platform(&["shop"], own)), @r#"
    error: pipeline "shop": the input cannot be written: the program itself has a field "composition" there; name it differently
     = help: correct the type of the input
    "#);
    let same = package().pipeline("a", Pipeline::new().name("shops")).pipeline("b", Pipeline::new().name("shops"));
    insta::assert_snapshot!(told(platform(&["a", "b"], same)), @r#"
    error: composition "b": the Composition of "a" is called shops too
     = help: give one of them another name with Pipeline::name
    "#);
    let by_hand = Platform::new("shops", "1.2.3").package(package());
    insta::assert_snapshot!(told(by_hand.composition(Composition::new("hand", nothing::<ByHand>))), @"
    error: definition of ByHand: its type was written by hand, so there is no definition to emit
     = help: generate the type from an XRD in `apis/`
    ");
    let refused = Platform::new("shops", "1.2.3").package(package());
    let told_of_it = told(refused.composition(Composition::new("refused", nothing::<Refused>)));
    assert!(told_of_it.starts_with("error: definition of Refused: "), "{told_of_it}");
    let version = Platform::new("shops", "1.2").package(package());
    insta::assert_snapshot!(told(version), @r#"
    error: package: the version "1.2" of the crate is not MAJOR.MINOR.PATCH
     = help: correct `version` in Cargo.toml
    "#);
    insta::assert_snapshot!(told(Platform::new("shops", "1.2.3")), @"
    error: platform shops: it does not say what it is shipped as
     = help: give `planewright::main!` a package: `planewright::main!(network::network; package: package())`
    ");
}
