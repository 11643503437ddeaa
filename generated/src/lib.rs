//! Typed claims of the reference platform, for services that write them to Git.
