/** How the extensions reach what package {@code mpi} keeps to itself. Not for programs. */
package org.isthmus.access;
