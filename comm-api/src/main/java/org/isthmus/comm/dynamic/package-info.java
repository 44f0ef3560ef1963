/** Dynamic processes (MPI 3.1, chapter 10): meeting processes of other jobs, and starting them. */
package org.isthmus.comm.dynamic;
