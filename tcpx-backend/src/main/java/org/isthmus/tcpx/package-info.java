/**
 * Striped TCP between nodes, with the request model of GPUDirect-TCPX: large transfers are requests in strict order,
 * cut into numbered chunks that travel over all sockets and network cards.
 */
package org.isthmus.tcpx;
