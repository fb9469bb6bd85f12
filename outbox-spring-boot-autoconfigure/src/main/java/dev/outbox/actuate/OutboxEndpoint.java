/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.actuate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.store.ClusterStore.Cluster;
import dev.outbox.store.ClusterStore.Instance;
import dev.outbox.store.ClusterStore.Ownership;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The outbox at a glance, for all instances, and what operators can hold back. Changes
 * only where the endpoint's access is {@code unrestricted}.
 */
@Endpoint(id = "outbox", defaultAccess = Access.READ_ONLY)
@RegisterReflectionForBinding({ OutboxEndpoint.InstanceView.class, OutboxEndpoint.PartitionsView.class,
		ClusterStore.Paused.class, ClusterStore.Blocked.class, Change.class, Requests.Refusal.class })
public final class OutboxEndpoint {

	private static final int BLOCKED_KEYS = 100;

	private final OperatedOutboxes outboxes;

	/**
	 * Creates the endpoint.
	 * @param outboxes the outboxes of the application
	 */
	public OutboxEndpoint(OperatedOutboxes outboxes) {
		this.outboxes = outboxes;
	}

	/**
	 * Shows the outbox.
	 * @param outbox name of the outbox, if there are several; all of them by default
	 * @return its state
	 */
	@ReadOperation
	public @Nullable Object show(@Nullable String outbox) {
		return Requests.answer(() -> states(outbox));
	}

	private Map<String, Object> states(@Nullable String outbox) {
		if (outbox == null && !this.outboxes.named().isEmpty()) {
			Map<String, Object> all = new TreeMap<>();
			this.outboxes.named().forEach((name, operated) -> all.put(name, state(operated)));
			return Map.of("outboxes", all);
		}
		return state(this.outboxes.get(outbox));
	}

	private static Map<String, Object> state(OperatedOutbox outbox) {
		Map<String, Object> state = new LinkedHashMap<>(outbox.instance().get());
		Cluster cluster;
		try {
			cluster = outbox.cluster().observe(BLOCKED_KEYS);
		}
		catch (RuntimeException ex) {
			// What this instance knows is needed most when the database is away.
			state.put("cluster", "unknown: the store does not answer (" + ex.getClass().getName() + ")");
			return state;
		}
		state.put("instances", instances(cluster));
		state.put("partitions", partitions(cluster));
		state.put("pausedDestinations", cluster.paused());
		state.put("blockedKeyCount", cluster.blockedKeyCount());
		state.put("blockedKeys", cluster.blockedKeys());
		return state;
	}

	private static List<InstanceView> instances(Cluster cluster) {
		List<InstanceView> views = new ArrayList<>();
		for (Instance instance : cluster.instances()) {
			Map<String, Set<Integer>> owned = new TreeMap<>();
			for (Ownership partition : cluster.partitions()) {
				if (instance.id().equals(partition.owner())) {
					owned.computeIfAbsent(partition.transport(), (transport) -> new TreeSet<>()).add(partition.part());
				}
			}
			views.add(new InstanceView(instance.id(), instance.name(), new TreeSet<>(instance.transports()),
					instance.joinedAt().toString(), instance.leaseLeft().toMillis(), owned));
		}
		return views;
	}

	/**
	 * Partitions that no instance with a lease sends are what an operator looks for.
	 */
	private static Map<String, PartitionsView> partitions(Cluster cluster) {
		Set<UUID> alive = new HashSet<>();
		cluster.instances().forEach((instance) -> alive.add(instance.id()));
		Map<String, PartitionsView> views = new TreeMap<>();
		for (Ownership partition : cluster.partitions()) {
			PartitionsView view = views.computeIfAbsent(partition.transport(),
					(transport) -> new PartitionsView(new TreeSet<>(), new TreeSet<>()));
			(alive.contains(partition.owner()) ? view.owned() : view.unowned()).add(partition.part());
		}
		return views;
	}

	/**
	 * Pauses or resumes a destination on all instances, or lets a key go on without its
	 * dead head.
	 * @param action {@code pause}, {@code resume} or {@code unblock}
	 * @param transport name of the transport
	 * @param destination name of the destination
	 * @param key with {@code unblock}: the key
	 * @param operator who wants it, if nobody is logged in
	 * @param outbox name of the outbox, if there are several
	 * @param security who asks
	 * @return what has been changed
	 */
	@WriteOperation
	public @Nullable Object change(String action, String transport, String destination, @Nullable String key,
			@Nullable String operator, @Nullable String outbox, SecurityContext security) {
		return Requests.answer(() -> hold(action, transport, destination, key, operator, outbox, security));
	}

	private Change hold(String action, String transport, String destination, @Nullable String key,
			@Nullable String operator, @Nullable String outbox, SecurityContext security) {
		OperatedOutbox operated = this.outboxes.get(outbox);
		Operator by = Requests.operator(security, operator);
		Destination target = Requests.destination(transport, destination);
		return switch (action) {
			case "pause" -> {
				checkTransport(operated, transport);
				yield Change.of(operated.holds().pause(target, by),
						target + " is paused on all instances with their next heartbeat",
						target + " is paused already");
			}
			case "resume" -> Change.of(operated.holds().resume(target, by),
					target + " goes on on all instances with their next heartbeat", target + " is not paused");
			case "unblock" -> {
				if (key == null) {
					throw Requests.refused("The parameter 'key' is needed to unblock a key");
				}
				yield Change.of(operated.holds().unblock(target, key, by),
						"The key goes on without its dead head on all instances with their next heartbeat",
						"The key is not blocked for " + target);
			}
			default ->
				throw Requests.refused("The action must be 'pause', 'resume' or 'unblock', but is '" + action + "'");
		};
	}

	/**
	 * A pause of a transport that nobody has would pause nothing.
	 */
	private static void checkTransport(OperatedOutbox outbox, String transport) {
		Set<String> known = new TreeSet<>();
		Cluster cluster = outbox.cluster().observe(0);
		cluster.instances().forEach((instance) -> known.addAll(instance.transports()));
		cluster.partitions().forEach((partition) -> known.add(partition.transport()));
		if (!known.contains(transport)) {
			throw Requests
				.refused("No instance sends through the transport '" + transport + "', they send through " + known);
		}
	}

	/**
	 * An instance as operators see it.
	 *
	 * @param id id of its lease
	 * @param name its name
	 * @param transports what it can send through
	 * @param joinedAt since when it has held its lease
	 * @param leaseLeftMillis how long the lease lasts unless it is renewed
	 * @param owned the partitions that it sends, by transport
	 */
	public record InstanceView(UUID id, String name, Set<String> transports, String joinedAt, long leaseLeftMillis,
			Map<String, Set<Integer>> owned) {

	}

	/**
	 * The partitions of a transport.
	 *
	 * @param owned those that an instance sends
	 * @param unowned those whose events wait because no instance sends them
	 */
	public record PartitionsView(Set<Integer> owned, Set<Integer> unowned) {

	}

}
