//! What is refused, with the place in the Rust type and the way out.
#![allow(dead_code, reason = "their schemas matter")]

use std::collections::{BTreeMap, HashMap};

use planewright_xrd::schemars::{self, JsonSchema};
use planewright_xrd::{Column, Definition, Definitions, Rule, Version, Xr, XrScope, immutable, list_map};

fn of<Spec: JsonSchema>(scope: XrScope) -> Definition {
    Definition::new("files.example.org", "Share", scope, Version::new::<Spec>("v1"))
}

/// What is said of a definition.
fn said(definition: Definition) -> String {
    definition.xrd().err().map_or("nothing".to_owned(), |faults| faults.to_string())
}

#[derive(JsonSchema)]
struct Plain {
    region: String,
}

#[test]
fn fields_that_crossplane_has_itself() {
    #[derive(JsonSchema)]
    struct Machinery {
        crossplane: Option<String>,
    }
    #[derive(JsonSchema)]
    #[schemars(rename_all = "camelCase")]
    struct Legacy {
        claim_ref: String,
        resource_ref: String,
    }
    /// They come in by the back door.
    #[derive(JsonSchema)]
    struct Flattened {
        #[serde(flatten)]
        machinery: Machinery,
    }
    #[derive(JsonSchema)]
    struct Status {
        conditions: Vec<String>,
    }
    insta::assert_snapshot!(said(of::<Flattened>(XrScope::Namespaced)), @"
    error: Share v1 (refusals::fields_that_crossplane_has_itself::Flattened), spec.crossplane: Crossplane has this field itself, and would overwrite the one declared here
     = help: name the field differently
    ");
    insta::assert_snapshot!(said(Definition::new("files.example.org", "Share", XrScope::Cluster, Version::new::<Plain>("v1").status::<Status>())), @"
    error: Share v1 (refusals::Plain), status.conditions: Crossplane has this field itself, and would overwrite the one declared here
     = help: name the field differently
    ");
    // Names of legacy machinery are free in others, and those of claims where there are none.
    assert_eq!(said(of::<Legacy>(XrScope::Cluster)), "nothing");
    insta::assert_snapshot!(said(of::<Legacy>(XrScope::LegacyCluster).claim("Folder")), @"
    error: Share v1 (refusals::fields_that_crossplane_has_itself::Legacy), spec.claimRef: Crossplane has this field itself, and would overwrite the one declared here
     = help: name the field differently
    error: Share v1 (refusals::fields_that_crossplane_has_itself::Legacy), spec.resourceRef: Crossplane has this field itself, and would overwrite the one declared here
     = help: name the field differently
    ");
}

#[test]
fn what_crossplane_and_the_api_server_would_drop() {
    #[derive(JsonSchema)]
    #[schemars(extend("minProperties" = 1, "anyOf" = [{"required": ["region"]}]))]
    struct Dropped {
        #[schemars(extend("contentEncoding" = "base64"))]
        region: Option<String>,
    }
    insta::assert_snapshot!(said(of::<Dropped>(XrScope::Namespaced)), @"
    error: Share v1 (refusals::what_crossplane_and_the_api_server_would_drop::Dropped), spec.region (contentEncoding): Crossplane or the API server drops it without a word
     = help: leave it out, or say it in a CEL rule
    error: Share v1 (refusals::what_crossplane_and_the_api_server_would_drop::Dropped), spec (minProperties): Crossplane or the API server drops it without a word
     = help: leave it out, or say it in a CEL rule
    error: Share v1 (refusals::what_crossplane_and_the_api_server_would_drop::Dropped), spec (anyOf): Crossplane or the API server drops it without a word
     = help: leave it out, or say it in a CEL rule
    ");
    // What survives: `oneOf` on the spec.
    #[derive(JsonSchema)]
    #[schemars(extend("oneOf" = [{"required": ["region"]}, {"required": ["zone"]}]))]
    struct Kept {
        region: Option<String>,
        zone: Option<String>,
    }
    assert_eq!(said(of::<Kept>(XrScope::Namespaced)), "nothing");
}

#[test]
fn types_that_no_schema_can_say() {
    #[derive(JsonSchema)]
    struct Odd {
        range: (u8, u8),
        ports: HashMap<u16, String>,
        tree: Vec<Tree>,
        #[serde(default)]
        tier: Tier,
    }
    #[derive(JsonSchema)]
    struct Tree {
        children: Vec<Tree>,
    }
    /// Its default never gets into the schema.
    #[derive(Default, JsonSchema)]
    enum Tier {
        #[default]
        Cold,
    }
    insta::assert_snapshot!(said(of::<Odd>(XrScope::Namespaced)), @"
    error: Share v1 (refusals::types_that_no_schema_can_say::Odd), spec.range: the items of a tuple have a type each
     = help: give a struct with a field for each
    error: Share v1 (refusals::types_that_no_schema_can_say::Odd), spec.ports: the keys of the map are no texts
     = help: make them `String`s
    error: Share v1 (refusals::types_that_no_schema_can_say::Odd), spec.tree[].children[]: the type contains itself
     = help: end the recursion with a field of free JSON
    error: Share v1 (refusals::types_that_no_schema_can_say::Odd), spec.tier: it is not required, has no default in the schema, and is no `Option`
     = help: derive `Serialize` for the type of its default, or make it an `Option`
    ");
    insta::assert_snapshot!(said(of::<Tier>(XrScope::Namespaced)), @"
    error: Share v1 (refusals::types_that_no_schema_can_say::Tier), spec: refusals::types_that_no_schema_can_say::Tier is no object
     = help: make it a struct with named fields
    ");
}

#[test]
fn rules_about_changes_where_nothing_can_be_followed() {
    #[derive(JsonSchema)]
    #[schemars(transform = immutable())]
    struct Frozen {
        /// The API server cannot tell which was which.
        readers: Vec<Reader>,
        #[schemars(transform = list_map(["name"]))]
        writers: Vec<Reader>,
    }
    #[derive(JsonSchema)]
    struct Reader {
        name: String,
        #[schemars(transform = Rule::new("self >= oldSelf"))]
        hours: i64,
    }
    insta::assert_snapshot!(said(of::<Frozen>(XrScope::Namespaced)), @r#"
    error: Share v1 (refusals::rules_about_changes_where_nothing_can_be_followed::Frozen), spec.readers[].hours: a rule about changes within a list whose items the API server cannot tell apart
     = help: tell the items apart by a field: #[schemars(transform = list_map(["name"]))] on the list
    error: Share v1 (refusals::rules_about_changes_where_nothing_can_be_followed::Frozen), spec: the whole of it is immutable, and Crossplane writes fields of its own there
     = help: make its fields immutable, one by one
    "#);
}

#[test]
fn columns_that_would_stay_empty() {
    #[derive(JsonSchema)]
    struct Spec {
        region: String,
        tags: HashMap<String, String>,
        readers: Vec<String>,
    }
    let columns = [
        ".spec.region",
        ".metadata.labels['a']",
        ".spec.tags.team",
        ".spec.readers[0]",
        ".status.conditions[?(@.type=='Ready')].reason",
        ".spec.crossplane.compositionRef.name",
        ".spec.size",
        ".status.address",
        ".spec..region",
        ".spec.region.",
        ".spec.readers[..2]",
    ];
    let shown = |columns: &[&str]| {
        let version = Version::new::<Spec>("v1");
        let version = columns.iter().fold(version, |version, path| version.column(Column::string("A", path)));
        said(Definition::new("files.example.org", "Share", XrScope::Namespaced, version))
    };
    insta::assert_snapshot!(shown(&columns), @r#"
    error: Share v1 (refusals::columns_that_would_stay_empty::Spec), column "A": ".spec.size" leads to no field: there is no "size"
     = help: choose one of region, tags, readers, crossplane
    error: Share v1 (refusals::columns_that_would_stay_empty::Spec), column "A": ".status.address" leads to no field: there is no "address"
     = help: choose one of conditions
    error: Share v1 (refusals::columns_that_would_stay_empty::Spec), column "A": ".spec..region" has a step without a name
     = help: name every field on the way, such as .spec.region
    error: Share v1 (refusals::columns_that_would_stay_empty::Spec), column "A": ".spec.region." has a step without a name
     = help: name every field on the way, such as .spec.region
    "#);
    insta::assert_snapshot!(shown(&["region"]), @r#"
    error: Share v1 (refusals::columns_that_would_stay_empty::Spec), additionalPrinterColumns[0].jsonPath: Invalid value: "region": must be a simple json path starting with . (Crossplane cannot create the CRD)
     = help: write .region
    "#);
}

#[test]
fn what_a_control_plane_refuses() {
    #[derive(JsonSchema)]
    struct Spec {
        #[schemars(default = "huge", range(max = 10))]
        size: u8,
    }
    #[derive(JsonSchema)]
    struct Pattern {
        #[schemars(regex(pattern = "a(?=b)"))]
        name: String,
    }
    fn huge() -> u8 {
        11
    }
    insta::assert_snapshot!(said(of::<Spec>(XrScope::Namespaced)), @"
    error: Share v1 (refusals::what_a_control_plane_refuses::Spec), spec.size (default): Invalid value: 11:  in body should be less than or equal to 10 (Crossplane cannot create the CRD)
     = help: make the default a value that the schema allows
    ");
    insta::assert_snapshot!(said(of::<Pattern>(XrScope::Namespaced)), @r#"
    error: Share v1 (refusals::what_a_control_plane_refuses::Pattern), spec.name (pattern): Invalid value: "a(?=b)": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: `(?=` (Crossplane cannot create the CRD)
     = help: write the pattern in RE2 syntax: no look-around, no back references
    "#);
    let misnamed =
        Definition::new("files", "share", XrScope::Cluster, Version::new::<Plain>("V1").unserved().max_name_length(64))
            .version(Version::new::<Plain>("V1"))
            .claim("Share");
    insta::assert_snapshot!(said(misnamed), @r#"
    error: share V1 (refusals::Plain): names of 64 bytes at most: Crossplane allows 63, as it makes labels of them
     = help: allow from 1 to 63
    error: share, spec: Invalid value: Claims aren't supported in apiextensions.crossplane.io/v2 (the API server refuses it)
     = help: remove claimNames, or define the XR with apiextensions.crossplane.io/v1 and scope: LegacyCluster
    error: share, spec.claimNames.plural: invalid resource claim names: "shares" conflicts with composite resource name (Crossplane cannot create the CRD)
     = help: name the claim differently from the XR, for example Xshares for the XR
    error: share, spec.group: Invalid value: "files": should be a domain with at least one dot (Crossplane cannot create the CRD)
     = help: use a domain that you own, such as platform.example.org
    error: share V1 (refusals::Plain), name: Invalid value: "V1": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?') (Crossplane cannot create the CRD)
     = help: name it like v1, v1beta2 or v2alpha1
    error: share, spec.versions: Invalid value: "V1": must contain unique version names (Crossplane cannot create the CRD)
     = help: rename or remove the second V1
    error: share V1 (refusals::Plain), served: the referenceable version "V1" is not served, so the XRD is never established (the API is never established)
     = help: set served: true
    "#);
}

#[test]
fn two_definitions_of_one_name() {
    #[derive(Xr, JsonSchema)]
    #[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced", short_names = ["vols"])]
    struct ShareSpec {
        region: String,
    }
    #[derive(Xr, JsonSchema)]
    #[xr(group = "files.example.org", version = "v2", kind = "Share", scope = "Namespaced")]
    struct NewShareSpec {
        region: String,
    }
    #[derive(Xr, JsonSchema)]
    #[xr(group = "files.example.org", version = "v1", kind = "Volume", plural = "vols", scope = "Namespaced")]
    struct VolumeSpec {
        region: String,
    }
    let said = |definitions: Definitions| definitions.emit().err().map(|faults| faults.to_string()).unwrap_or_default();
    insta::assert_snapshot!(said(Definitions::new().with::<ShareSpec>().with::<NewShareSpec>()), @"
    error: Share: shares.files.example.org and shares.files.example.org would both be apis/shares/definition.yaml
     = help: a further version derives `XrVersion`; another kind needs a plural of its own
    ");
    insta::assert_snapshot!(said(Definitions::new().with::<VolumeSpec>().with::<ShareSpec>()), @r#"
    error: Share, spec.names.shortNames[0]: "vols" is already in use by vols.files.example.org: not all names are accepted
     = help: choose a name that no other kind of the group has
    "#);
}

#[test]
fn files_that_are_not_what_the_types_say() {
    #[derive(Xr, JsonSchema)]
    #[xr(group = "files.example.org", version = "v1", kind = "Share", scope = "Namespaced")]
    struct ShareSpec {
        region: String,
    }
    let definitions = Definitions::new().with::<ShareSpec>();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("apis/shares/definition.yaml");
    let said = || {
        let stale = definitions.check(folder.path()).err().map(|stale| stale.to_string()).unwrap_or_default();
        stale.replace(&folder.path().display().to_string(), "HERE")
    };
    insta::assert_snapshot!(said(), @"
    error: HERE/apis/shares/definition.yaml: it is not what the Rust types say
     = help: write it with `planewright xrd emit`
    ");
    let xrd = ShareSpec::definition().xrd().expect("sound");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    // The layout does not matter.
    std::fs::write(&file, xrd.to_string()).expect("written");
    assert_eq!(said(), "");
    std::fs::write(&file, xrd.to_string().replace("shares", "share")).expect("written");
    assert_ne!(said(), "");
}

#[test]
fn versions_between_which_nothing_converts() {
    #[derive(JsonSchema)]
    struct Stored {
        region: String,
        size: u16,
        tier: Tier,
        #[schemars(default = "one")]
        copies: u16,
        readers: Vec<Reader>,
        note: Option<String>,
    }
    fn one() -> u16 {
        1
    }
    #[derive(JsonSchema)]
    enum Tier {
        Cold,
    }
    #[derive(JsonSchema)]
    struct Reader {
        name: String,
    }
    #[derive(JsonSchema)]
    struct Other {
        region: Option<String>,
        size: String,
        tier: OtherTier,
        readers: Vec<OtherReader>,
        note: String,
    }
    #[derive(JsonSchema)]
    enum OtherTier {
        Cold,
        Hot,
    }
    #[derive(JsonSchema)]
    struct OtherReader {
        name: String,
        until: Option<String>,
    }
    let beta = || Version::new::<Other>("v1beta1");
    insta::assert_snapshot!(said(of::<Stored>(XrScope::Namespaced).version(beta())), @r#"
    error: Share v1beta1 (refusals::versions_between_which_nothing_converts::Other), spec.size: its type is string at v1beta1, and integer at v1
     = help: give it one type; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::versions_between_which_nothing_converts::Other), spec.tier: v1beta1 allows "Hot", and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::versions_between_which_nothing_converts::Other), spec.readers[].until: v1, at which objects are stored, has no such field: what is written at v1beta1 is lost
     = help: add it to v1; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::versions_between_which_nothing_converts::Other), spec.note: v1beta1 requires it and v1 does not, so objects are served that are invalid
     = help: require it in both, or in neither; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::versions_between_which_nothing_converts::Other), spec.region: v1 requires it, and objects that are written at v1beta1 may lack it: no composition could read them
     = help: give it a default in v1, or require it in v1beta1; or let v1beta1 be served no longer (`served = false`)
    "#);
    assert_eq!(said(of::<Stored>(XrScope::Namespaced).version(beta().unserved())), "nothing");
    // What only the stored version has is optional or has a default.
    #[derive(JsonSchema)]
    struct Less {
        region: String,
        size: u16,
        tier: Tier,
        readers: Vec<Reader>,
    }
    assert_eq!(said(of::<Stored>(XrScope::Namespaced).version(Version::new::<Less>("v1beta1"))), "nothing");
}

/// What is stored at one version is read at the other as it stands: values that only one of them allows, and statuses, which one of them writes.
#[test]
fn values_and_statuses_between_which_nothing_converts() {
    #[derive(JsonSchema)]
    struct Stored {
        #[schemars(range(min = 1, max = 50))]
        size: u16,
        #[schemars(length(max = 9), regex(pattern = "^[a-z]+$"))]
        name: String,
        #[schemars(length(min = 1))]
        zones: Vec<String>,
        labels: BTreeMap<String, u8>,
        #[schemars(transform = immutable())]
        region: String,
        more: Option<Free>,
    }
    #[derive(JsonSchema)]
    struct StoredStatus {
        phase: Phase,
        ready: u16,
        conditions_seen: u8,
        address: String,
    }
    #[derive(JsonSchema)]
    enum Phase {
        Open,
        Closed,
    }
    #[derive(JsonSchema)]
    struct Other {
        #[schemars(range(min = 1, max = 100))]
        size: u16,
        name: String,
        zones: Vec<String>,
        labels: BTreeMap<String, u16>,
        region: String,
        #[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
        more: Option<Free>,
        free: Free,
    }
    #[derive(JsonSchema)]
    struct Free {}
    #[derive(JsonSchema)]
    struct OtherStatus {
        phase: OtherPhase,
        ready: String,
        endpoint: String,
    }
    #[derive(JsonSchema)]
    enum OtherPhase {
        Open,
    }
    let definition = |stored: Version, other: Version| {
        said(Definition::new("files.example.org", "Share", XrScope::Namespaced, stored).version(other))
    };
    let stored = || Version::new::<Stored>("v1").status::<StoredStatus>();
    let other = || Version::new::<Other>("v1beta1").status::<OtherStatus>();
    insta::assert_snapshot!(definition(stored(), other()), @r#"
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.size: v1beta1 allows numbers above 50, and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.name: v1beta1 allows texts with a length above 9, and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.name: v1beta1 allows texts that do not match ^[a-z]+$, and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.zones: v1beta1 allows lists with a length below 1, and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.labels{}: v1beta1 allows numbers above 255, and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.more: v1beta1 keeps whatever fields are there, and v1, at which objects are stored, drops them
     = help: let both know the same fields; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), spec.free: v1, at which objects are stored, has no such field: what is written at v1beta1 is lost
     = help: add it to v1; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), status.phase: v1, at which it is written, allows "Closed", and v1beta1 does not, so objects are served that are invalid
     = help: let v1beta1 allow as much, or v1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), status.ready: its type is string at v1beta1, and integer at v1
     = help: give it one type; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::values_and_statuses_between_which_nothing_converts::Other), status.endpoint: v1, at which it is written, has no such field: it is never there
     = help: add it to v1; or let v1beta1 be served no longer (`served = false`)
    "#);
    assert_eq!(definition(stored(), other().unserved()), "nothing");
    // What is read at the older version may show less, and say less of what it is; what is written there may be less.
    #[derive(JsonSchema)]
    struct Less {
        #[schemars(range(min = 2, max = 49))]
        size: u16,
        #[schemars(length(max = 8), regex(pattern = "^[a-z]+$"))]
        name: String,
        #[schemars(length(min = 1))]
        zones: Vec<String>,
        labels: BTreeMap<String, u8>,
        #[schemars(transform = immutable())]
        region: String,
    }
    #[derive(JsonSchema)]
    struct LessStatus {
        address: String,
    }
    assert_eq!(definition(stored(), Version::new::<Less>("v1beta1").status::<LessStatus>()), "nothing");
    assert_eq!(definition(stored(), Version::new::<Less>("v1beta1")), "nothing");
}

#[test]
fn an_older_enum_may_fit_the_bounds_of_a_newer_text() {
    #[derive(JsonSchema)]
    struct Stored {
        #[schemars(length(max = 5), regex(pattern = "^[a-z]+$"))]
        size: String,
    }
    #[derive(JsonSchema)]
    struct Other {
        #[schemars(extend("enum" = ["small", "large"]))]
        size: String,
    }
    #[derive(JsonSchema)]
    struct More {
        #[schemars(extend("enum" = ["small", "medium", "x2"]))]
        size: String,
    }
    let definition = |other: Version| {
        let stored = Version::new::<Stored>("v1");
        said(Definition::new("files.example.org", "Share", XrScope::Namespaced, stored).version(other))
    };
    assert_eq!(definition(Version::new::<Other>("v1beta1")), "nothing");
    insta::assert_snapshot!(definition(Version::new::<More>("v1beta1")), @r#"
    error: Share v1beta1 (refusals::an_older_enum_may_fit_the_bounds_of_a_newer_text::More), spec.size: v1beta1 allows "medium", and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    error: Share v1beta1 (refusals::an_older_enum_may_fit_the_bounds_of_a_newer_text::More), spec.size: v1beta1 allows "x2", and v1, at which objects are stored, does not
     = help: let v1 allow as much, or v1beta1 no more; or let v1beta1 be served no longer (`served = false`)
    "#);
}
