//! The platform's program, which the engine calls.

use engine_oracle::behaviours;

planewright::main!(
    behaviours::notes,
    behaviours::names,
    behaviours::misnamed,
    behaviours::says,
    behaviours::fails,
    behaviours::decides,
    behaviours::first,
    behaviours::second,
    behaviours::requires,
    behaviours::never_settles,
    behaviours::trusted,
    behaviours::waits,
    behaviours::everywhere,
    behaviours::user,
);
