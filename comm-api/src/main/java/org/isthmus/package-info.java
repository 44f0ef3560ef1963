/** What Isthmus offers beyond package {@code mpi}; each class takes the objects of that package. */
package org.isthmus;
