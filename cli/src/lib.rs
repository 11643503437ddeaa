//! The planewright command line.
