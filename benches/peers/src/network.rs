//! `Network`: a VPC, and in each zone a public and a private subnet, route tables, and a way out.

use std::collections::BTreeMap;

use planewright::compose::{Cx, Defaults, Handle, Result};
use planewright::path;
use planewright::resource::Managed;
use planewright::shapes::{ManagementPolicy, NamespacedSelector as Selector, Number, ObjectMeta};
use planewright::state::Ready;

use crate::ec2::{
    DefaultSecurityGroup, EIP, InternetGateway, NATGateway, RouteTable, RouteTableAssociation, Subnet, VPC,
    default_security_group, eip, internet_gateway, nat_gateway, route_table, route_table_association, subnet, vpc,
};
use crate::platform::Network;
use crate::platform::network::Status;

const NAME: &str = "network.platform.example.org/name";
const ZONE: &str = "network.platform.example.org/zone";
const ACCESS: &str = "network.platform.example.org/access";

/// Composes a network.
pub fn network(cx: &mut Cx<Network>) -> Result<()> {
    let cx = &*cx;
    let xr = cx.xr();
    let (name, cidr) = (cx.name(), &xr.spec.cidr);
    cx.defaults(
        Defaults::new()
            .label(NAME, name)
            .tags(xr.spec.tags.iter().flatten())
            .region(&xr.spec.region)
            .management_policies([ManagementPolicy::All])
            .cluster_provider_config("default"),
    );
    let tags = |name: String| Some(BTreeMap::from([("Name".to_owned(), name)]));

    let vpc = managed::<VPC>(
        cx,
        "vpc",
        &[],
        vpc::ForProvider {
            cidr_block: Some(format!("{cidr}.0.0/16")),
            enable_dns_hostnames: Some(true),
            enable_dns_support: Some(true),
            tags: tags(name.to_owned()),
            ..Default::default()
        },
    );
    managed::<InternetGateway>(
        cx,
        "igw",
        &[],
        internet_gateway::ForProvider {
            vpc_id_selector: select(&[]),
            tags: tags([name, "igw"].join("-")),
            ..Default::default()
        },
    );
    managed::<DefaultSecurityGroup>(
        cx,
        "default-sg",
        &[],
        default_security_group::ForProvider {
            vpc_id_selector: select(&[]),
            ingress: Some(vec![default_security_group::Egress {
                protocol: Some("-1".to_owned()),
                from_port: Some(Number::from(0)),
                to_port: Some(Number::from(0)),
                self_: Some(true),
                ..Default::default()
            }]),
            egress: Some(vec![default_security_group::Egress {
                protocol: Some("-1".to_owned()),
                from_port: Some(Number::from(0)),
                to_port: Some(Number::from(0)),
                cidr_blocks: Some(vec!["0.0.0.0/0".to_owned()]),
                ..Default::default()
            }]),
            tags: tags([name, "default"].join("-")),
            ..Default::default()
        },
    );
    managed::<RouteTable>(
        cx,
        "rt-public",
        &[(ACCESS, "public")],
        route_table::ForProvider {
            vpc_id_selector: select(&[]),
            tags: tags([name, "public"].join("-")),
            ..Default::default()
        },
    );

    let (mut public, mut private) = (Vec::new(), Vec::new());
    for (index, zone) in xr.spec.zones.iter().map(String::as_str).enumerate() {
        for (offset, (access, role, ids)) in
            [("public", "elb", &mut public), ("private", "internal-elb", &mut private)].into_iter().enumerate()
        {
            let block = 2 * index + offset;
            let tags = BTreeMap::from([
                ("Name".to_owned(), [name, access, zone].join("-")),
                (format!("kubernetes.io/role/{role}"), "1".to_owned()),
            ]);
            let subnet = managed::<Subnet>(
                cx,
                &["subnet", access, zone].join("-"),
                &[(ZONE, zone), (ACCESS, access)],
                subnet::ForProvider {
                    availability_zone: Some(zone.to_owned()),
                    cidr_block: Some(format!("{cidr}.{}.{}/27", block / 8, block % 8 * 32)),
                    map_public_ip_on_launch: Some(access == "public"),
                    vpc_id_selector: select(&[]),
                    tags: Some(tags),
                    ..Default::default()
                },
            );
            ids.extend(subnet.read(path!(status.at_provider.id)).known());
        }
        managed::<RouteTable>(
            cx,
            &["rt-private", zone].join("-"),
            &[(ZONE, zone), (ACCESS, "private")],
            route_table::ForProvider {
                vpc_id_selector: select(&[]),
                tags: tags([name, "private", zone].join("-")),
                ..Default::default()
            },
        );
        for access in ["public", "private"] {
            let table: &[_] = if access == "public" { &[(ACCESS, access)] } else { &[(ACCESS, access), (ZONE, zone)] };
            managed::<RouteTableAssociation>(
                cx,
                &["rta", access, zone].join("-"),
                &[(ZONE, zone), (ACCESS, access)],
                route_table_association::ForProvider {
                    route_table_id_selector: select(table),
                    subnet_id_selector: select(&[(ACCESS, access), (ZONE, zone)]),
                    ..Default::default()
                },
            );
        }
        managed::<EIP>(
            cx,
            &["eip", zone].join("-"),
            &[(ZONE, zone)],
            eip::ForProvider {
                domain: Some("vpc".to_owned()),
                tags: tags([name, "nat", zone].join("-")),
                ..Default::default()
            },
        );
        managed::<NATGateway>(
            cx,
            &["nat", zone].join("-"),
            &[(ZONE, zone)],
            nat_gateway::ForProvider {
                connectivity_type: Some("public".to_owned()),
                allocation_id_selector: select(&[(ZONE, zone)]),
                subnet_id_selector: select(&[(ACCESS, "public"), (ZONE, zone)]),
                tags: tags([name, zone].join("-")),
                ..Default::default()
            },
        );
    }
    cx.status(Status {
        vpc_id: vpc.read(path!(status.at_provider.id)).known(),
        public_subnet_ids: Some(public),
        private_subnet_ids: Some(private),
    });
    Ok(())
}

fn select<K>(labels: &[(&str, &str)]) -> Option<Selector<K>> {
    let selector = Selector::controlled();
    Some(if labels.is_empty() { selector } else { selector.and_labels(labels.iter().copied()) })
}

/// Declares a managed resource with its labels. It is ready when its provider says so.
fn managed<K: Managed>(cx: &Cx<Network>, key: &str, labels: &[(&str, &str)], for_provider: K::Parameters) -> Handle<K> {
    let mut resource = K::default();
    if !labels.is_empty() {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        *resource.metadata() = Some(ObjectMeta { labels: Some(labels), ..Default::default() });
    }
    *resource.for_provider() = Some(for_provider);
    let handle = cx.resource(key, resource);
    if handle.has_condition("Ready") {
        handle.ready(Ready::True);
    }
    handle
}
