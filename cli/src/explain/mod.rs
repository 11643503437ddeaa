//! `planewright explain`: what a field is, from the schemas at hand.

mod describe;
mod find;

use std::path::PathBuf;

use clap::Args;

use crate::exit::Outcome;
use crate::terminal::Terminal;
use crate::{apis, exit};

/// Explain a kind or one of its fields: type, who requires it, default, values, reference target, Rust type
#[derive(Args)]
#[command(after_long_help = "\
KIND is written as in manifests; with its group in front, and a version behind, if the name alone is not enough. The
path goes through lists and maps as if they were not there: spec.forProvider.ingress.fromPort.

Examples:
  planewright explain VPC
  planewright explain VPC.spec.forProvider.cidrBlock
  planewright explain ec2.aws.m.upbound.io/VPC.spec.forProvider
  planewright explain ec2.aws.m.upbound.io/VPC/v1beta1.spec.forProvider.tags
  planewright explain Network.spec --schemas provider-aws/package/crds --apis apis")]
pub(crate) struct Explain {
    /// What to explain: [GROUP/]KIND[/VERSION][.PATH]
    #[arg(value_name = "KIND[.PATH]")]
    subject: String,
    /// The schemas: a file, folder or glob [default: schemas, if there is such a folder]
    #[arg(long, value_name = "PATH")]
    schemas: Option<PathBuf>,
    /// The XRDs: a file, folder or glob [default: apis, if there is such a folder]
    #[arg(long, value_name = "PATH")]
    apis: Option<PathBuf>,
}

pub(crate) fn run(command: &Explain, terminal: &mut Terminal) -> anyhow::Result<Outcome> {
    let schemas = match &command.schemas {
        Some(path) => vec![path.clone()],
        None => Some(PathBuf::from("schemas")).filter(|path| path.is_dir()).into_iter().collect(),
    };
    let apis = apis::folder(command.apis.as_deref());
    if schemas.is_empty() && apis.is_empty() {
        let reason = "there is neither a folder `schemas` nor a folder `apis` here";
        return Err(exit::Refused::new(
            reason,
            "name them with --schemas and --apis, or go to the folder of a platform",
        )
        .into());
    }
    let subject = find::Subject::parse(&command.subject)?;
    let progress = terminal.progress("reading definitions");
    let found = find::find(&subject, &schemas, &apis, &progress)?;
    progress.finish_and_clear();
    describe::describe(&found, &subject, terminal)?;
    Ok(Outcome::Done)
}
