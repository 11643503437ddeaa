//! Generates the types of the template.

use std::process::ExitCode;

fn main() -> ExitCode {
    planewright_codegen::build("../../cli/template/schemas", "../../cli/template/apis")
}
