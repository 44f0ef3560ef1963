/**
 * Collectives (MPI 3.1, chapter 5): one class per algorithm, chosen by {@link org.isthmus.comm.coll.AlgorithmTable},
 * described as a {@link org.isthmus.comm.coll.Schedule} and run by {@link org.isthmus.comm.coll.ScheduleRun}.
 */
package org.isthmus.comm.coll;
