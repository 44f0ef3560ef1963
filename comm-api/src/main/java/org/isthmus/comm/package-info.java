/** The engine of one process: what {@code mpi} asks for, put together from the packages below. */
package org.isthmus.comm;
