//! The platform's program.

use archives::archive;

planewright::main!(archive::archive);
