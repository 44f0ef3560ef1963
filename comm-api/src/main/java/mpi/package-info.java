/**
 * The Open MPI Java API. Start at {@link mpi.MPI} and {@link mpi.Comm}.
 *
 * <p>Public classes are the API and nothing else. They hold no engine: {@code Messaging}, {@code CollectiveCalls} and
 * {@code ReductionCalls} check arguments, resolve buffers and call {@link org.isthmus.comm.Engine}; {@code Errors}
 * turns what it throws into what the error handler wants.
 */
package mpi;
