//! The entries of the log, a JSON object a line.
//!
//! They look as those of `tracing-subscriber` with flattened events, but are written in one go: that formatter reads the fields of a
//! span back as JSON for each entry, which took longer than anything else that is done for a request outside of its composition.

use std::fmt;

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Time, level, the event's fields, the module that it comes from, and the span that it is in.
pub(super) struct Entries;

impl<S, N> FormatEvent<S, N> for Entries
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        out.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut out)?;
        write!(out, "\",\"level\":\"{}\"", metadata.level())?;
        Fields.format_fields(out.by_ref(), event)?;
        write!(out, ",\"target\":{}", Text(metadata.target()))?;
        if let Some(span) = event.parent().and_then(|id| context.span(id)).or_else(|| context.lookup_current()) {
            write!(out, ",\"span\":{{\"name\":{}", Text(span.name()))?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                out.write_str(fields)?;
            }
            out.write_char('}')?;
        }
        out.write_str("}\n")
    }
}

/// Text as JSON.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self.0).map_err(|_| fmt::Error)?)
    }
}

/// The fields of events and spans, each with a comma before it.
pub(super) struct Fields;

impl<'a> FormatFields<'a> for Fields {
    fn format_fields<R: RecordFields>(&self, mut out: Writer<'a>, fields: R) -> fmt::Result {
        let mut visitor = Visitor { json: Vec::with_capacity(256), failed: false };
        fields.record(&mut visitor);
        match std::str::from_utf8(&visitor.json) {
            Ok(json) if !visitor.failed => out.write_str(json),
            _ => Err(fmt::Error),
        }
    }

    fn add_fields(&self, current: &'a mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}

/// Writes fields one after the other.
struct Visitor {
    json: Vec<u8>,
    failed: bool,
}

impl Visitor {
    fn put(&mut self, field: &Field, value: impl Serialize) {
        let name = field.name();
        // Of a raw identifier, the name alone.
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.json.push(b',');
        let written = serde_json::to_writer(&mut self.json, name).and_then(|()| {
            self.json.push(b':');
            serde_json::to_writer(&mut self.json, &value)
        });
        self.failed |= written.is_err();
    }
}

impl Visit for Visitor {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn entries_are_json_with_the_span_that_they_are_in() {
        let log = Arc::new(Mutex::new(Vec::new()));
        let written = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .event_format(Entries)
            .fmt_fields(Fields)
            .with_writer(move || Log(written.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("RunFunction", tag = "a \"tag\"\n", kind = tracing::field::Empty);
            span.record("kind", "Network");
            let error = io::Error::other("no\\where");
            span.in_scope(
                || tracing::warn!(seconds = 0.5, bytes = -1, size = 7_u64, r#type = true, %error, "said {}", "é"),
            );
            tracing::info!("outside");
        });
        let text = String::from_utf8(log.lock().unwrap().clone()).unwrap();
        let mut entries: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        for entry in &mut entries {
            let time = entry.as_object_mut().unwrap().shift_remove("timestamp").unwrap();
            assert!(time.as_str().is_some_and(|time| time.ends_with('Z') && time.contains('T')), "{time}");
        }
        insta::assert_json_snapshot!(entries, @r#"
        [
          {
            "level": "WARN",
            "message": "said é",
            "seconds": 0.5,
            "bytes": -1,
            "size": 7,
            "type": true,
            "error": "no\\where",
            "target": "planewright::serve::entries::tests",
            "span": {
              "name": "RunFunction",
              "tag": "a \"tag\"\n",
              "kind": "Network"
            }
          },
          {
            "level": "INFO",
            "message": "outside",
            "target": "planewright::serve::entries::tests"
          }
        ]
        "#);
    }
}
