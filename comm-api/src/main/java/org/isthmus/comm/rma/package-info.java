/** One-sided communication (MPI 3.1, chapter 11): windows, epochs, access in shared memory and by messages. */
package org.isthmus.comm.rma;
