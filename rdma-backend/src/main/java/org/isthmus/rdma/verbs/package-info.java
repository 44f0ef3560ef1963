/** Bindings of libibverbs.so.1 and librdmacm.so.1: calls, and one descriptor for each struct they take. */
package org.isthmus.rdma.verbs;
