//! The program that is measured beside functions in other languages: a platform of one composition.

use bench_peers::network;

planewright::main!(network::network);
