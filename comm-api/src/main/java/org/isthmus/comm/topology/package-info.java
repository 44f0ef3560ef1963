/** Arithmetic of process topologies (MPI 3.1, chapter 7): grids, graphs, and which process takes which place. */
package org.isthmus.comm.topology;
