//! `Store`: a bucket for each team, readable by one role of its own.

use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status};
use serde_json::json;

use crate::api::Store;
use crate::s3::{Bucket, BucketLifecycleConfiguration, BucketPolicy};

/// Composes a bucket for each team, with a policy that lets the team's role read it.
#[composition(xr = Store)]
pub fn store(cx: &mut Cx<Store>) -> Result<()> {
    let spec = &cx.xr().spec;
    for team in &spec.teams {
        let name = &team.name;
        let bucket = resource!(cx, "bucket-{name}": Bucket {
            spec.for_provider: {
                region: spec.region,
                tags: { "team": team.name },
            },
        });
        // S3 gives the bucket its ARN. Until then the policy is held back.
        resource!(cx, "policy-{name}": BucketPolicy {
            spec.for_provider: {
                region: spec.region,
                bucket: &bucket,
                policy: bucket.status.at_provider.arn.map(|arn| read_access(&team.reader, &arn)),
            },
        });
        if let Some(days) = team.expire_after_days {
            resource!(cx, "expiry-{name}": BucketLifecycleConfiguration {
                spec.for_provider: {
                    region: spec.region,
                    bucket: &bucket,
                    rule: [{ id: "expiry", status: "Enabled", expiration: [{ days: days }] }],
                },
            });
        }
        status!(cx, { buckets: { (name): bucket.status.at_provider.arn } });
    }
    // What the spec no longer asks for goes. Nothing else ever does.
    cx.drop_matching(|key| ["bucket-", "policy-", "expiry-"].iter().any(|prefix| key.starts_with(prefix)));
    Ok(())
}

/// An access policy: `reader` may get every object of the bucket with this ARN.
fn read_access(reader: &str, bucket: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": reader },
            "Action": "s3:GetObject",
            "Resource": format!("{bucket}/*"),
        }],
    })
    .to_string()
}
