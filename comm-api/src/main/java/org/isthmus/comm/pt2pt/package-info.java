/** Messages between two ranks: matching and the protocols, one class for each side and special way. */
package org.isthmus.comm.pt2pt;
