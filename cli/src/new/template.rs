//! The files that a new project begins with.
//!
//! They are a complete project, `cli/template`, which is also a member of this workspace (`tests/starter`): so what is
//! written here is compiled, linted and tested before anybody gets it. What makes a project somebody's own are the
//! names in it, and nothing but them is replaced: no language of templates stands between the files and their
//! compilers.

use super::Project;
use super::name;

/// A file: its path in the project, and its text.
type File = (&'static str, &'static str);

macro_rules! files {
    ($($path:literal),+ $(,)?) => { &[$(($path, include_str!(concat!("../../template/", $path)))),+] };
}

/// What is written as it is, but for the names in it.
const FILES: &[File] = files![
    ".gitignore",
    "README.md",
    "apis/archives/composition.yaml",
    "apis/archives/definition.yaml",
    "build.rs",
    "examples/observed/archive.yaml",
    "examples/xr/archive.yaml",
    "generated/rustfmt.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src/archive.rs",
    "src/lib.rs",
    "src/main.rs",
    "src/package.rs",
    "tests/archive.rs",
    "tests/snapshots/everything_is_composed_once_the_bucket_exists.snap",
];

/// Continuous integration on GitHub.
pub(super) const GITHUB: File =
    (".github/workflows/platform.yaml", include_str!("../../template/.github/workflows/platform.yaml"));

/// Continuous integration on GitLab.
pub(super) const GITLAB: File = (".gitlab-ci.yml", include_str!("../../template/.gitlab-ci.yml"));

/// The manifests: their paths in the project, and their texts. In the template they are called otherwise, because cargo
/// leaves a folder with a manifest out of the package around it.
pub(super) const MANIFESTS: &[File] = &[
    ("Cargo.toml", include_str!("../../template/Cargo.template.toml")),
    ("generated/Cargo.toml", include_str!("../../template/generated/Cargo.template.toml")),
];

/// The kinds that the composition composes: to be pinned.
pub(super) const SCHEMAS: &[File] = files![
    "schemas/s3.aws.m.upbound.io_bucketpublicaccessblocks.yaml",
    "schemas/s3.aws.m.upbound.io_buckets.yaml",
    "schemas/s3.aws.m.upbound.io_bucketversionings.yaml",
];

/// What the kinds were taken from.
pub(super) const SOURCE: &str = "provider-upjet-aws";
/// Its version: the commit.
pub(super) const SOURCE_VERSION: &str = "75a4c57162d00616f8fb480f9153df5fa55b5a26";

/// The API.
pub(super) const DEFINITION: &str = "apis/archives/definition.yaml";

/// The text of the API in the template.
pub(super) const DEFINITION_TEXT: &str = include_str!("../../template/apis/archives/definition.yaml");

/// The group of the template's API.
const GROUP: &str = "platform.example.org";

/// A text of the template with the names of a project. They are put in one after the other, and none that was put in
/// holds one that is still looked for: names of crates have no underscore in manifests and no `::` in Rust, and neither
/// they nor paths of modules have a dot.
pub(super) fn named(text: &str, project: &Project) -> String {
    text.replace("starter-platform", &project.name)
        .replace("starter_platform", &name::ident(&project.name))
        .replace("org::example::platform::v1alpha1", &project.module)
        .replace(GROUP, &project.group)
}

/// The API in a group.
pub(super) fn definition(group: &str) -> String {
    DEFINITION_TEXT.replace(GROUP, group)
}

/// All that is written as it is.
pub(super) fn files(ci: &[File]) -> impl Iterator<Item = File> {
    FILES.iter().chain(ci).copied()
}
