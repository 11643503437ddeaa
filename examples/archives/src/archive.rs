//! `Archive`: a bucket for each drawer.

use planewright::compose::{Cx, Result};
use planewright::{composition, resource, status};

use crate::api::Archive;
use crate::api::archive::{Drawers, Keep};
use crate::s3::bucket_lifecycle_configuration::{Expiration, Rule, Transition};
use crate::s3::{Bucket, BucketLifecycleConfiguration};

/// Composes a bucket for each drawer, and the rule by which its objects get cold and go.
#[composition(xr = Archive)]
pub fn archive(cx: &mut Cx<Archive>) -> Result<()> {
    let spec = &cx.xr().spec;
    for drawer in &spec.drawers {
        let name = &drawer.name;
        let bucket = resource!(cx, "bucket-{name}": Bucket {
            spec.for_provider: { region: spec.region, tags: (spec.tags.clone()) },
        });
        if let Some(rule) = lifecycle(spec.keep, drawer) {
            resource!(cx, "lifecycle-{name}": BucketLifecycleConfiguration {
                spec.for_provider: { region: spec.region, bucket: &bucket, rule: vec![rule] },
            });
        }
        status!(cx, { buckets: { (name): bucket.status.at_provider.arn } });
    }
    Ok(())
}

/// What becomes of the objects of a drawer, if anything does.
fn lifecycle(keep: Keep, drawer: &Drawers) -> Option<Rule> {
    let most = match keep {
        Keep::Year => Some(366),
        Keep::Decade => Some(3653),
        Keep::Forever => None,
    };
    let expiration =
        most.map(|most| vec![Expiration { days: Some(drawer.days.min(most).into()), ..Expiration::default() }]);
    let transition = drawer.cold_after_days.map(|days| {
        vec![Transition { days: Some(days.into()), storage_class: Some("GLACIER".to_owned()), ..Transition::default() }]
    });
    let rule = Rule {
        id: Some("drawer".to_owned()),
        status: Some("Enabled".to_owned()),
        expiration,
        transition,
        ..Rule::default()
    };
    (rule.expiration.is_some() || rule.transition.is_some()).then_some(rule)
}
