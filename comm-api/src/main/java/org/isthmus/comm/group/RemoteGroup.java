package org.isthmus.comm.group;

/**
 * The other group of an intercommunicator to be made.
 *
 * @param worldRanks its members' numbers in this process, in order
 * @param comesFirst whether it comes first in the union; the other group has the opposite
 * @param spansJobs whether the two groups have processes of several jobs
 * @param tag of the agreement on a context; equal in both groups
 */
public record RemoteGroup(int[] worldRanks, boolean comesFirst, boolean spansJobs, int tag) {}
