//! `cargo planewright …`: cargo passes the name of the subcommand as the first argument.

use std::process::ExitCode;

fn main() -> ExitCode {
    let own_name = |(position, argument): &(usize, std::ffi::OsString)| *position == 1 && argument == "planewright";
    let arguments = std::env::args_os().enumerate().filter(|argument| !own_name(argument));
    planewright_cli::main(arguments.map(|(_, argument)| argument))
}
