//! `planewright push`: packages into a registry.

mod credentials;
mod registry;

use std::io::Write as _;

use clap::Args;

use crate::build::program::Platform;
use crate::build::{Images, immutable, previous, texts};
use crate::exit::{Outcome, Refused};
use crate::terminal::Terminal;
use crate::xpkg::{INDEX, Kept, MANIFEST, Package, digest, index};
use registry::Registry;

/// Push the packages of a platform to their registry
///
/// Makes the packages as `planewright build` does, and pushes them under the version of the crate: first the function, then the
/// Configuration that depends on it. What a tag names is pushed before the tag, so that whoever finds the tag finds all of it;
/// pushing again goes on where it ended. A version that is there with another content is not overwritten. What a cluster would let nobody
/// change, such as the scope of a definition, is not pushed if it differs from what --against names.
///
/// Who may push is what Docker's configuration says ($DOCKER_CONFIG/config.json or ~/.docker/config.json), with its credential helpers. Registries on this
/// machine (localhost, 127.0.0.1) are spoken to without TLS.
#[derive(Args)]
#[command(verbatim_doc_comment)]
#[command(after_long_help = "\
Examples:
  planewright push --compile linux/amd64
  planewright push --platform target/release/my-platform --registry localhost:5000 \\
      --binary linux/amd64=build/amd64/my-platform --binary linux/arm64=build/arm64/my-platform

Prints a line for each package: its repository, tag and digest.")]
pub(crate) struct Push {
    #[command(flatten)]
    platform: Platform,
    #[command(flatten)]
    images: Images,
    /// Another registry than that of the packages' repositories, such as a mirror; what packages depend on stays
    #[arg(long, value_name = "HOST")]
    registry: Option<String>,
    #[command(flatten)]
    against: previous::Against,
    /// Overwrite a version that is there with another content
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(command: &Push, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let ready = command.images.ready(&command.platform)?;
    immutable::check(&command.against.objects()?, &texts(&ready.emission)?)?;
    let packages = ready.packages(&Kept::default())?;
    if packages.len() < ready.emission.packages.len() {
        let remedy = "give --compile linux/amd64, or --binary linux/amd64=PATH, for each platform that it is to run on: a Configuration without its \
                      function cannot be installed";
        return Err(Refused::new("there is no program for the image of the function", remedy).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for package in &packages {
        let repository = placed(&package.repository, command.registry.as_deref())?;
        let registry = Registry::open(&repository)?;
        let pushed = runtime.block_on(push(&registry, package, command.overwrite))?;
        writeln!(terminal.out(), "{repository}:{}@{}", package.version, pushed.digest)?;
        if pushed.already {
            terminal.note(format_args!("{repository}:{} was there already", package.version));
        }
    }
    Ok(Outcome::Done)
}

/// The repository, perhaps in another registry.
fn placed(repository: &str, registry: Option<&str>) -> anyhow::Result<String> {
    match (registry, repository.split_once('/')) {
        (None, _) => Ok(repository.to_owned()),
        (Some(registry), Some((_, path))) if !registry.is_empty() && !registry.contains("://") => {
            Ok(format!("{}/{path}", registry.trim_end_matches('/')))
        }
        (Some(registry), _) => {
            Err(Refused::new(format!("{registry:?} is no registry"), "name its host, such as localhost:5000").into())
        }
    }
}

struct Pushed {
    digest: String,
    already: bool,
}

/// Pushes a package: its blobs, its images, and last the tag by which it is found.
async fn push(registry: &Registry, package: &Package, overwrite: bool) -> anyhow::Result<Pushed> {
    let tag = &package.version;
    let (media_type, manifest) = match package.images.as_slice() {
        [image] => (MANIFEST, image.manifest.clone()),
        images => (INDEX, index(images)),
    };
    let digest = digest(&manifest);
    let found = registry.tagged(tag).await?;
    if found.as_ref() == Some(&digest) {
        return Ok(Pushed { digest, already: true });
    }
    if let Some(other) = found.filter(|_| !overwrite) {
        let reason = format!("{}:{tag} is there already, and is another package ({other})", registry.repository());
        let remedy = "give the crate a new version, or push with --overwrite if nobody has installed this one";
        return Err(Refused::new(reason, remedy).into());
    }
    for image in &package.images {
        for layer in &image.layers {
            registry.blob(&layer.bytes, &layer.digest).await?;
        }
        registry.blob(&image.config, &crate::xpkg::digest(&image.config)).await?;
    }
    if package.images.len() > 1 {
        for image in &package.images {
            // Under a tag that is no version, so that nobody takes it for one; the index names its digest.
            let name = format!("{}-{tag}", image.platform.to_string().replace('/', "-"));
            registry.manifest(&name, MANIFEST, &image.manifest).await?;
        }
    }
    registry.manifest(tag, media_type, &manifest).await?;
    Ok(Pushed { digest, already: false })
}
