/**
 * What a heap's slow paths obey ({@link org.isthmus.allocator.policy.HeapLimits}), how a snapshot of it reaches every
 * process ({@link org.isthmus.allocator.policy.PolicyRing}), and who may change it within bounds while a job runs
 * ({@link org.isthmus.allocator.policy.PolicyLearner}, off by default). No hit path reads anything in here.
 */
package org.isthmus.allocator.policy;
