//! `keeper routes`: the table of addresses, as the gate has it.
use crate::web::routes::table;
use std::process::ExitCode;

pub fn print() -> ExitCode {
    for line in table() {
        let access = format!("{:?}", line.access).to_lowercase();
        println!("{access:8} {:5} {}", line.method, line.path);
    }
    ExitCode::SUCCESS
}
