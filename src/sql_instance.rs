//! `SQLInstance`: a PostgreSQL or MariaDB server in the subnets of a network.

use planewright::compose::{Cx, Result};
use planewright::path;
use planewright::shapes::{LocalSecretKeySelector, LocalSecretReference, NamespacedSelector as Selector, Number};

use crate::aws::rds::{Instance, SubnetGroup, instance, subnet_group};
use crate::managed::Shared;
use crate::network::NETWORK_ID;
use crate::platform::SQLInstance;

/// Composes a database server.
///
/// The network's resources are found by label, in whichever composite resource they are: while there are none, the
/// provider waits.
pub fn sql_instance(cx: &mut Cx<SQLInstance>) -> Result<()> {
    let parameters = &cx.xr().spec.parameters;
    let policies = parameters.management_policies.iter().flatten().map(|policy| policy.as_str());
    let shared = Shared::new(policies, &parameters.provider_config_name);
    let of_the_network = [(NETWORK_ID, &parameters.network_ref.id)];

    cx.resource(
        "compositeSQLInstanceDbSubnetGroup",
        shared.managed::<SubnetGroup>(subnet_group::ForProvider {
            description: Some("An excellent formation of subnetworks.".to_owned()),
            region: Some(parameters.region.clone()),
            subnet_id_selector: Some(Selector::labelled(of_the_network)),
            ..Default::default()
        }),
    );

    let mut wanted = shared.managed::<Instance>(instance::ForProvider {
        allocated_storage: Some(Number::from(parameters.storage_gb)),
        auto_generate_password: parameters.auto_generate_password,
        db_name: Some("upbound".to_owned()),
        db_subnet_group_name_selector: Some(Selector::controlled()),
        engine: Some(parameters.engine.as_str().to_owned()),
        engine_version: Some(parameters.engine_version.clone()),
        instance_class: Some("db.t3.micro".to_owned()),
        password_secret_ref: Some(LocalSecretKeySelector::new(
            &parameters.password_secret_ref.name,
            &parameters.password_secret_ref.key,
        )),
        publicly_accessible: Some(false),
        region: Some(parameters.region.clone()),
        skip_final_snapshot: Some(true),
        username: Some("masteruser".to_owned()),
        vpc_security_group_id_selector: Some(Selector::labelled(of_the_network)),
        ..Default::default()
    });
    wanted.spec.get_or_insert_default().write_connection_secret_to_ref =
        Some(LocalSecretReference::named(format!("{}-sql", cx.name())));
    let instance = cx.resource("RDSInstanceSmall", wanted);

    // All or nothing: whoever finds one of them finds them all.
    let address =
        instance.read(path!(status.at_provider.endpoint)).zip(instance.read(path!(status.at_provider.address)));
    let login = instance.read(path!(spec.for_provider.username)).zip(instance.connection_detail("password"));
    if let Some(((endpoint, host), (username, password))) = address.zip(login).known() {
        cx.connection_detail("endpoint", endpoint);
        cx.connection_detail("host", host);
        cx.connection_detail("username", username);
        cx.connection_detail("password", password);
    }
    Ok(())
}
