//! The platform's binary.

use reference_platform::network;

planewright::main!(network::network);
