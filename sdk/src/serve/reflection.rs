//! gRPC's reflection service, which clients such as grpcurl ask for the protocol, and the protocol in its words.
//!
//! Crossplane never asks: the description takes more time than all else of the start, so the first who asks waits for it.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

use http::{Request, Response};
use prost_types::field_descriptor_proto::{Label, Type as FieldType};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MessageOptions, MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use tonic::Status;
use tonic::body::Body;
use tonic_reflection::server::{Builder, Error};
use tower_service::Service;

use super::protocol::{
    DURATION_MESSAGES, ENUMS, Enum, FUNCTION_RUNNER, FUNCTION_RUNNER_BETA, Field, MESSAGES, Message, Occurs,
    STRUCT_ENUMS, STRUCT_MESSAGES, Type,
};
use super::router::{AnyService, any};

const STRUCT: &str = "google/protobuf/struct.proto";
const DURATION: &str = "google/protobuf/duration.proto";
const GOOGLE: &str = "google.protobuf";

/// The service in its version `v1`.
pub(super) fn service() -> AnyService {
    late(Builder::build_v1)
}

/// The service in its version `v1alpha`, which older clients ask for.
pub(super) fn service_alpha() -> AnyService {
    late(Builder::build_v1alpha)
}

/// A service that is built when it is called first.
fn late<S>(build: fn(Builder<'static>) -> Result<S, Error>) -> AnyService
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let service = LazyLock::new(move || -> AnyService {
        match build(Builder::configure().register_file_descriptor_set(descriptors())) {
            Ok(service) => any(service),
            // The test of this module builds both.
            Err(error) => {
                let message = format!("the protocol cannot be described: {error}");
                Arc::new(move |_| Box::pin(std::future::ready(Ok(Status::internal(message.clone()).into_http()))))
            }
        }
    });
    Arc::new(move |request| service(request))
}

/// The files of the protocol: both versions, and what they import.
pub(super) fn descriptors() -> FileDescriptorSet {
    let google = |name: &str, messages, enums| file(name, GOOGLE, &[], messages, enums, Vec::new());
    let mut files = vec![google(STRUCT, STRUCT_MESSAGES, STRUCT_ENUMS), google(DURATION, DURATION_MESSAGES, &[])];
    for service in [FUNCTION_RUNNER, FUNCTION_RUNNER_BETA] {
        let (package, service) = service.rsplit_once('.').unwrap_or(("", service));
        let version = package.rsplit('.').next().unwrap_or(package);
        let method = MethodDescriptorProto {
            name: Some("RunFunction".to_owned()),
            input_type: Some(format!(".{package}.RunFunctionRequest")),
            output_type: Some(format!(".{package}.RunFunctionResponse")),
            ..MethodDescriptorProto::default()
        };
        let service = ServiceDescriptorProto {
            name: Some(service.to_owned()),
            method: vec![method],
            ..ServiceDescriptorProto::default()
        };
        let name = format!("proto/fn/{version}/run_function.proto");
        files.push(file(&name, package, &[STRUCT, DURATION], MESSAGES, ENUMS, vec![service]));
    }
    FileDescriptorSet { file: files }
}

fn file(
    name: &str,
    package: &str,
    imports: &[&str],
    messages: &[Message],
    enums: &[Enum],
    service: Vec<ServiceDescriptorProto>,
) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        dependency: imports.iter().map(|import| (*import).to_owned()).collect(),
        message_type: messages.iter().map(|message| described(message, package)).collect(),
        enum_type: enums.iter().map(enumerated).collect(),
        service,
        syntax: Some("proto3".to_owned()),
        ..FileDescriptorProto::default()
    }
}

fn described(Message(name, fields): &Message, package: &str) -> DescriptorProto {
    let mut message = DescriptorProto { name: Some((*name).to_owned()), ..DescriptorProto::default() };
    let mut alternatives = Vec::new();
    let mut optional = Vec::new();
    for Field(field, number, type_, occurs) in *fields {
        let mut described = typed(field, *number, *type_, package);
        match occurs {
            Occurs::Once => {}
            Occurs::Repeatedly => described.set_label(Label::Repeated),
            Occurs::Mapped => {
                // On the wire, a map is a list of messages of a key and a value each.
                let entry = entry_name(field);
                message.nested_type.push(entry_of(&entry, *type_, package));
                described.set_type(FieldType::Message);
                described.type_name = Some(format!(".{package}.{name}.{entry}"));
                described.set_label(Label::Repeated);
            }
            Occurs::OneOf(of) => {
                let position = alternatives.iter().position(|known| known == of).unwrap_or(alternatives.len());
                if position == alternatives.len() {
                    alternatives.push(*of);
                }
                described.oneof_index = i32::try_from(position).ok();
            }
            Occurs::Optionally => {
                described.proto3_optional = Some(true);
                optional.push(message.field.len());
            }
        }
        message.field.push(described);
    }
    let oneof = |name: String| OneofDescriptorProto { name: Some(name), options: None };
    message.oneof_decl = alternatives.into_iter().map(|name| oneof(name.to_owned())).collect();
    // In the third version of the language, an optional field is the only one of a `oneof` of its own, after all others.
    for index in optional {
        let position = i32::try_from(message.oneof_decl.len()).ok();
        let Some(field) = message.field.get_mut(index) else { continue };
        field.oneof_index = position;
        message.oneof_decl.push(oneof(format!("_{}", field.name())));
    }
    message
}

fn typed(name: &str, number: i32, type_: Type, package: &str) -> FieldDescriptorProto {
    let (kind, type_name) = match type_ {
        Type::String => (FieldType::String, None),
        Type::Bytes => (FieldType::Bytes, None),
        Type::Bool => (FieldType::Bool, None),
        Type::Double => (FieldType::Double, None),
        Type::Int32 => (FieldType::Int32, None),
        Type::Int64 => (FieldType::Int64, None),
        Type::Message(name) => (FieldType::Message, Some(format!(".{package}.{name}"))),
        Type::Enum(name) => (FieldType::Enum, Some(format!(".{package}.{name}"))),
        Type::Google(name) => (FieldType::Message, Some(format!(".{GOOGLE}.{name}"))),
    };
    let mut field = FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        type_name,
        ..FieldDescriptorProto::default()
    };
    field.set_type(kind);
    field.set_label(Label::Optional);
    field
}

fn entry_of(name: &str, value: Type, package: &str) -> DescriptorProto {
    DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![typed("key", 1, Type::String, package), typed("value", 2, value, package)],
        options: Some(MessageOptions { map_entry: Some(true), ..MessageOptions::default() }),
        ..DescriptorProto::default()
    }
}

/// `required_resources` becomes `RequiredResourcesEntry`, as every compiler of protobuf has it.
fn entry_name(field: &str) -> String {
    let words = field.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    words.chain(["Entry".to_owned()]).collect()
}

fn enumerated(Enum(name, values): &Enum) -> EnumDescriptorProto {
    let value = |(name, number): &(&str, i32)| EnumValueDescriptorProto {
        name: Some((*name).to_owned()),
        number: Some(*number),
        options: None,
    };
    EnumDescriptorProto {
        name: Some((*name).to_owned()),
        value: values.iter().map(value).collect(),
        ..EnumDescriptorProto::default()
    }
}
