//! `Archive`: a private bucket that keeps old versions of its objects.

use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status};

use crate::api::Archive;
use crate::s3::{Bucket, BucketPublicAccessBlock, BucketVersioning};

/// Composes a bucket that nobody can open to the public, and its versioning.
#[composition(xr = Archive)]
pub fn archive(cx: &mut Cx<Archive>) -> Result<()> {
    let spec = &cx.xr().spec;
    let bucket = resource!(cx, bucket: Bucket {
        spec.for_provider: { region: spec.region },
    });
    // Both refer to the bucket, and are held back until it has a name.
    resource!(cx, privacy: BucketPublicAccessBlock {
        spec.for_provider: {
            region: spec.region,
            bucket: &bucket,
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        },
    });
    resource!(cx, versioning: BucketVersioning {
        spec.for_provider: {
            region: spec.region,
            bucket: &bucket,
            versioning_configuration: {
                status: (if spec.keep_versions { "Enabled" } else { "Suspended" }),
            },
        },
    });
    status!(cx, { arn: bucket.status.at_provider.arn });
    Ok(())
}
