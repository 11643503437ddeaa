//! How a shape is written down: fields with their wire names, from which the record, its codec and serde follow.

/// A whole object of a kind, in the form that the generator gives provider types: a [`Record`](crate::codec::Record) of
/// optional fields without serde, which would be a second way to compose it.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal $(as $flag:ident)?,)+
        }
        impl $api_version:literal $group:literal $version:literal $plural:literal in $scope:ident $place:ident;
        required $required:expr;
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)+
        }

        impl crate::codec::Record for $name {
            const SHAPE: &'static crate::codec::Shape = &crate::codec::Shape {
                name: stringify!($name),
                fields: &[$(crate::codec::Field::new($wire, stringify!($field))$(.$flag())?,)+],
                open: false,
            };

            fn slots(&self, visit: &mut dyn FnMut(&[&dyn crate::codec::Slot])) {
                visit(&[$(&self.$field),+]);
            }

            fn slots_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn crate::codec::Slot])) {
                visit(&mut [$(&mut self.$field),+]);
            }
        }

        impl crate::resource::Kind for $name {
            const GROUP: &'static str = $group;
            const VERSION: &'static str = $version;
            const API_VERSION: &'static str = $api_version;
            const KIND: &'static str = stringify!($name);
            const PLURAL: &'static str = $plural;
            const SCOPE: crate::resource::Scope = crate::resource::Scope::$scope;
        }

        impl crate::resource::Resource for $name {
            type Place = crate::resource::$place;
            const REQUIRED: &'static [crate::resource::Requirement] = $required;
        }
    };
}

/// A struct of optional fields that is a [`Record`](crate::codec::Record) and serde-able.
///
/// A type parameter says which kind the struct points to, and holds nothing.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal $(as $flag:ident $(($($arg:expr),*))?)?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(rename = $wire, default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
        }

        impl crate::codec::Record for $name {
            const SHAPE: &'static crate::codec::Shape = &crate::codec::Shape {
                name: stringify!($name),
                fields: &[$(crate::codec::Field::new($wire, stringify!($field))$(.$flag($($($arg),*)?))?,)+],
                open: false,
            };

            fn slots(&self, visit: &mut dyn FnMut(&[&dyn crate::codec::Slot])) {
                visit(&[$(&self.$field),+]);
            }

            fn slots_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn crate::codec::Slot])) {
                visit(&mut [$(&mut self.$field),+]);
            }
        }
    };
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$target:ident> {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal $(as $flag:ident)?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(bound = "")]
        pub struct $name<$target> {
            $(
                $(#[$field_doc])*
                #[serde(rename = $wire, default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
            #[serde(skip)]
            target: std::marker::PhantomData<fn() -> $target>,
        }

        impl<$target> Clone for $name<$target> {
            fn clone(&self) -> Self {
                $name { $($field: self.$field.clone(),)+ target: std::marker::PhantomData }
            }
        }

        impl<$target> Default for $name<$target> {
            fn default() -> Self {
                $name { $($field: None,)+ target: std::marker::PhantomData }
            }
        }

        impl<$target> std::fmt::Debug for $name<$target> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish()
            }
        }

        impl<$target> PartialEq for $name<$target> {
            fn eq(&self, other: &Self) -> bool {
                $(self.$field == other.$field)&&+
            }
        }

        impl<$target> crate::codec::Record for $name<$target> {
            const SHAPE: &'static crate::codec::Shape = &crate::codec::Shape {
                name: stringify!($name),
                fields: &[$(crate::codec::Field::new($wire, stringify!($field))$(.$flag())?,)+],
                open: false,
            };

            fn slots(&self, visit: &mut dyn FnMut(&[&dyn crate::codec::Slot])) {
                visit(&[$(&self.$field),+]);
            }

            fn slots_mut(&mut self, visit: &mut dyn FnMut(&mut [&mut dyn crate::codec::Slot])) {
                visit(&mut [$(&mut self.$field),+]);
            }
        }
    };
}

/// A string of a closed list, that survives words which are newer than this crate.
macro_rules! word {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $(#[$first_doc:meta])* $first:ident = $first_word:literal, $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$variant_doc])* $variant,)*
            /// A word that is not in the schema this type was written from.
            Other(String),
        }

        impl $name {
            /// The word, as it stands in the object.
            pub fn as_str(&self) -> &str {
                match self {
                    $name::$first => $first_word,
                    $($name::$variant => $word,)*
                    $name::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $first_word => $name::$first,
                    $($word => $name::$variant,)*
                    _ => $name::Other(word),
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                word.to_owned().into()
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> String {
                word.as_str().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::codec::Slot for $name {
            fn write(&self, writer: &mut dyn crate::codec::Writer) -> Result<(), crate::codec::CodecError> {
                writer.string(self.as_str());
                Ok(())
            }

            fn read(
                &mut self,
                reader: &mut dyn crate::codec::Reader,
                _: crate::codec::Mask<'_>,
            ) -> Result<(), crate::codec::CodecError> {
                *self = match reader.token()? {
                    crate::codec::Token::String(word) => word.into(),
                    other => return Err(crate::codec::CodecError::unexpected("a string", &other)),
                };
                Ok(())
            }
        }
    };
}

pub(crate) use {kind, record, word};
