/**
 * Files of several ranks (MPI 3.1, chapter 13): views, individual and shared positions, independent access with data
 * sieving, collective access in two phases. Entry point: {@link org.isthmus.comm.file.ParallelFile}.
 */
package org.isthmus.comm.file;
