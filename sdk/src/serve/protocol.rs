//! Crossplane's function protocol, as far as a client needs to know it: the messages of `run_function.proto`.
//!
//! Both versions of the protocol are the same but for the name of their package.

/// The service that Crossplane calls.
pub(super) const FUNCTION_RUNNER: &str = "apiextensions.fn.proto.v1.FunctionRunnerService";

/// The service that Crossplane v1.16 and older call.
pub(super) const FUNCTION_RUNNER_BETA: &str = "apiextensions.fn.proto.v1beta1.FunctionRunnerService";

/// The type of a field.
#[derive(Clone, Copy)]
pub(super) enum Type {
    String,
    Bytes,
    Bool,
    Double,
    Int32,
    Int64,
    /// A message or enum of the same package.
    Message(&'static str),
    Enum(&'static str),
    /// A message of `google.protobuf`.
    Google(&'static str),
}

/// How often a field occurs.
#[derive(Clone, Copy)]
pub(super) enum Occurs {
    Once,
    /// Once, and it can be told whether it was set.
    Optionally,
    Repeatedly,
    /// As a map from strings.
    Mapped,
    /// At most one field of this `oneof`.
    OneOf(&'static str),
}

/// A field: its name, number, type and how often it occurs.
pub(super) struct Field(pub(super) &'static str, pub(super) i32, pub(super) Type, pub(super) Occurs);

/// A message: its name and fields.
pub(super) struct Message(pub(super) &'static str, pub(super) &'static [Field]);

/// An enum: its name and values.
pub(super) struct Enum(pub(super) &'static str, pub(super) &'static [(&'static str, i32)]);

use Occurs::{Mapped, Once, OneOf, Optionally, Repeatedly};
use Type::{Bool, Bytes, Double, Google, Int32, Int64, String};

/// A message of the same package.
const fn of(name: &'static str) -> Type {
    Type::Message(name)
}

pub(super) const MESSAGES: &[Message] = &[
    Message(
        "RunFunctionRequest",
        &[
            Field("meta", 1, of("RequestMeta"), Once),
            Field("observed", 2, of("State"), Once),
            Field("desired", 3, of("State"), Once),
            Field("input", 4, Google("Struct"), Optionally),
            Field("context", 5, Google("Struct"), Optionally),
            Field("extra_resources", 6, of("Resources"), Mapped),
            Field("credentials", 7, of("Credentials"), Mapped),
            Field("required_resources", 8, of("Resources"), Mapped),
            Field("required_schemas", 9, of("Schema"), Mapped),
        ],
    ),
    Message(
        "RunFunctionResponse",
        &[
            Field("meta", 1, of("ResponseMeta"), Once),
            Field("desired", 2, of("State"), Once),
            Field("results", 3, of("Result"), Repeatedly),
            Field("context", 4, Google("Struct"), Optionally),
            Field("requirements", 5, of("Requirements"), Once),
            Field("conditions", 6, of("Condition"), Repeatedly),
            Field("output", 7, Google("Struct"), Optionally),
        ],
    ),
    Message(
        "RequestMeta",
        &[Field("tag", 1, String, Once), Field("capabilities", 2, Type::Enum("Capability"), Repeatedly)],
    ),
    Message("ResponseMeta", &[Field("tag", 1, String, Once), Field("ttl", 2, Google("Duration"), Optionally)]),
    Message("State", &[Field("composite", 1, of("Resource"), Once), Field("resources", 2, of("Resource"), Mapped)]),
    Message(
        "Resource",
        &[
            Field("resource", 1, Google("Struct"), Once),
            Field("connection_details", 2, Bytes, Mapped),
            Field("ready", 3, Type::Enum("Ready"), Once),
        ],
    ),
    Message("Resources", &[Field("items", 1, of("Resource"), Repeatedly)]),
    Message("Credentials", &[Field("credential_data", 1, of("CredentialData"), OneOf("source"))]),
    Message("CredentialData", &[Field("data", 1, Bytes, Mapped)]),
    Message(
        "Requirements",
        &[
            Field("extra_resources", 1, of("ResourceSelector"), Mapped),
            Field("resources", 2, of("ResourceSelector"), Mapped),
            Field("schemas", 3, of("SchemaSelector"), Mapped),
        ],
    ),
    Message(
        "ResourceSelector",
        &[
            Field("api_version", 1, String, Once),
            Field("kind", 2, String, Once),
            Field("match_name", 3, String, OneOf("match")),
            Field("match_labels", 4, of("MatchLabels"), OneOf("match")),
            Field("namespace", 5, String, Optionally),
        ],
    ),
    Message("MatchLabels", &[Field("labels", 1, String, Mapped)]),
    Message("SchemaSelector", &[Field("api_version", 1, String, Once), Field("kind", 2, String, Once)]),
    Message("Schema", &[Field("openapi_v3", 1, Google("Struct"), Optionally)]),
    Message(
        "Result",
        &[
            Field("severity", 1, Type::Enum("Severity"), Once),
            Field("message", 2, String, Once),
            Field("reason", 3, String, Optionally),
            Field("target", 4, Type::Enum("Target"), Optionally),
        ],
    ),
    Message(
        "Condition",
        &[
            Field("type", 1, String, Once),
            Field("status", 2, Type::Enum("Status"), Once),
            Field("reason", 3, String, Once),
            Field("message", 4, String, Optionally),
            Field("target", 5, Type::Enum("Target"), Optionally),
        ],
    ),
];

pub(super) const ENUMS: &[Enum] = &[
    Enum(
        "Capability",
        &[
            ("CAPABILITY_UNSPECIFIED", 0),
            ("CAPABILITY_CAPABILITIES", 1),
            ("CAPABILITY_REQUIRED_RESOURCES", 2),
            ("CAPABILITY_CREDENTIALS", 3),
            ("CAPABILITY_CONDITIONS", 4),
            ("CAPABILITY_REQUIRED_SCHEMAS", 5),
        ],
    ),
    Enum("Ready", &[("READY_UNSPECIFIED", 0), ("READY_TRUE", 1), ("READY_FALSE", 2)]),
    Enum(
        "Severity",
        &[("SEVERITY_UNSPECIFIED", 0), ("SEVERITY_FATAL", 1), ("SEVERITY_WARNING", 2), ("SEVERITY_NORMAL", 3)],
    ),
    Enum("Target", &[("TARGET_UNSPECIFIED", 0), ("TARGET_COMPOSITE", 1), ("TARGET_COMPOSITE_AND_CLAIM", 2)]),
    Enum(
        "Status",
        &[
            ("STATUS_CONDITION_UNSPECIFIED", 0),
            ("STATUS_CONDITION_UNKNOWN", 1),
            ("STATUS_CONDITION_TRUE", 2),
            ("STATUS_CONDITION_FALSE", 3),
        ],
    ),
];

/// The messages of `google/protobuf/struct.proto`.
pub(super) const STRUCT_MESSAGES: &[Message] = &[
    Message("Struct", &[Field("fields", 1, of("Value"), Mapped)]),
    Message(
        "Value",
        &[
            Field("null_value", 1, Type::Enum("NullValue"), OneOf("kind")),
            Field("number_value", 2, Double, OneOf("kind")),
            Field("string_value", 3, String, OneOf("kind")),
            Field("bool_value", 4, Bool, OneOf("kind")),
            Field("struct_value", 5, of("Struct"), OneOf("kind")),
            Field("list_value", 6, of("ListValue"), OneOf("kind")),
        ],
    ),
    Message("ListValue", &[Field("values", 1, of("Value"), Repeatedly)]),
];

pub(super) const STRUCT_ENUMS: &[Enum] = &[Enum("NullValue", &[("NULL_VALUE", 0)])];

/// The message of `google/protobuf/duration.proto`.
pub(super) const DURATION_MESSAGES: &[Message] =
    &[Message("Duration", &[Field("seconds", 1, Int64, Once), Field("nanos", 2, Int32, Once)])];
