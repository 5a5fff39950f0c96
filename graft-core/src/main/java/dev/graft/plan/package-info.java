/** What training would cost, computed before. */
package dev.graft.plan;
