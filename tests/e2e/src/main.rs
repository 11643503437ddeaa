//! The platform's program.

use bulletin::board;
use bulletin::package::package;

planewright::main!(board::board; package: package());
