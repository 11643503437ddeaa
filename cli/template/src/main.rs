//! The platform's program: Crossplane's composition function, and the commands around it.

use starter_platform::archive;
use starter_platform::package::package;

planewright::main!(archive::archive; package: package());
