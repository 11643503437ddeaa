//! The platform's program.

use stores::store;

planewright::main!(store::store);
