/** Error classes of MPI, and the exception that carries one to {@code mpi}. */
package org.isthmus.comm.error;
