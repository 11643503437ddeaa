//! The platform's program.

use bulletin::board;

planewright::main!(board::board);
