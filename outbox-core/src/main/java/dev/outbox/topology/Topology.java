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

package dev.outbox.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyManager;
import dev.outbox.transport.TopologyMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the destinations that event classes declare created or compared. A broker that does
 * not answer stops nobody: it is asked again, aside, until it does. Thread-safe.
 */
public final class Topology implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(Topology.class);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private static final Duration IDLE = Duration.ofSeconds(5);

	private final TopologyMode mode;

	private final List<TopologyManager> managers;

	private final Duration firstPause;

	private final BiPredicate<Class<?>, String> used;

	private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Creates a topology. Nothing is done yet.
	 * @param mode what to do
	 * @param managers one for each broker
	 * @param used whether events of a class go where it declares for a transport; what is
	 * not used is left alone
	 * @param firstPause time after which a broker that did not answer is asked again; it
	 * doubles each time, up to 30 seconds
	 */
	public Topology(TopologyMode mode, List<TopologyManager> managers, BiPredicate<Class<?>, String> used,
			Duration firstPause) {
		this.mode = mode;
		this.used = used;
		this.managers = List.copyOf(managers);
		this.firstPause = firstPause;
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "outbox-topology");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		this.executor.allowCoreThreadTimeOut(true);
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Creates or compares what classes declare. Waits for the brokers, but not for one
	 * that does not answer.
	 * @param eventClasses the classes; those that declare nothing, or nothing that is
	 * used, are left out
	 * @throws TopologyException if something is different; says what
	 * @throws dev.outbox.InvalidEventTypeException if a declaration is wrong
	 */
	public void start(Collection<Class<?>> eventClasses) {
		if (this.mode == TopologyMode.NONE) {
			return;
		}
		this.known.addAll(eventClasses);
		List<TopologyDifference> differences = new ArrayList<>();
		for (TopologyManager manager : this.managers) {
			List<Class<?>> declaring = declaring(manager, eventClasses);
			if (!declaring.isEmpty()) {
				try {
					differences.addAll(apply(manager, declaring));
				}
				catch (BrokerUnavailableException ex) {
					repeat(manager, declaring, this.firstPause, ex);
				}
			}
		}
		if (!differences.isEmpty()) {
			throw new TopologyException(this.mode, differences);
		}
	}

	/**
	 * Takes notice of a class that was not there at the start. Returns at once; what
	 * differs is logged.
	 * @param eventClass a class of which an event was published
	 */
	public void discovered(Class<?> eventClass) {
		if (this.mode != TopologyMode.NONE && this.known.add(eventClass)) {
			List<Class<?>> one = List.of(eventClass);
			this.managers.stream()
				.filter((manager) -> !declaring(manager, one).isEmpty())
				.forEach((manager) -> schedule(manager, one, this.firstPause, Duration.ZERO));
		}
	}

	/**
	 * Returns what compares all that was declared once more, and creates nothing.
	 * @return the examination
	 */
	public Examination examination() {
		return Examination.of("declarations", () -> {
			List<Finding> findings = new ArrayList<>();
			for (TopologyManager manager : this.managers) {
				List<Class<?>> declaring = declaring(manager, this.known);
				if (!declaring.isEmpty()) {
					// One at a time: also not beside one that is asked again.
					this.executor.submit(() -> manager.validate(declaring))
						.get()
						.forEach((difference) -> findings.add(finding(difference)));
				}
			}
			return findings;
		});
	}

	private static Finding finding(TopologyDifference difference) {
		String action = "Correct the declaration or the broker: the next start fails";
		if (difference.property() == null && difference.actual().startsWith("missing")) {
			return Finding.error("destination-missing", difference.subject(),
					"An event class declares it, and it is missing on the broker. Its events wait",
					"Create it, or start an instance with outbox.topology.mode=create");
		}
		return Finding.warning(
				"partitions".equals(difference.property()) ? "partition-count-changed" : "destination-differs",
				difference.subject(), "What an event class declares is not what is there: " + difference, action);
	}

	private List<Class<?>> declaring(TopologyManager manager, Collection<Class<?>> eventClasses) {
		return eventClasses.stream()
			.<Class<?>>map((eventClass) -> eventClass)
			.filter((eventClass) -> manager.reader().read(eventClass) != null)
			.filter((eventClass) -> this.used.test(eventClass, transport(manager)))
			.toList();
	}

	private List<TopologyDifference> apply(TopologyManager manager, Collection<Class<?>> eventClasses) {
		return (this.mode == TopologyMode.CREATE) ? manager.create(eventClasses) : manager.validate(eventClasses);
	}

	private void applyLater(TopologyManager manager, Collection<Class<?>> eventClasses, Duration pause) {
		try {
			List<TopologyDifference> differences = apply(manager, eventClasses);
			if (differences.isEmpty()) {
				log.info("What event classes declare is there now on {}: {}", transport(manager), eventClasses);
			}
			for (TopologyDifference difference : differences) {
				log.error(
						"What event classes declare differs from what {} has: {}. Events go there as it is. Correct"
								+ " the declaration or the broker: the next start fails",
						transport(manager), difference);
			}
		}
		catch (BrokerUnavailableException ex) {
			repeat(manager, eventClasses, pause, ex);
		}
		catch (RuntimeException ex) {
			log.error("Could not {} on {} what {} declare. Events go there as it is. It is tried again when the"
					+ " application is restarted", verb(), transport(manager), eventClasses, ex);
		}
	}

	private void repeat(TopologyManager manager, Collection<Class<?>> eventClasses, Duration pause,
			BrokerUnavailableException reason) {
		if (this.executor.isShutdown()) {
			return;
		}
		log.warn("Could not {} on {} what {} declare: {}. Publishing is not affected. Tried again in {} ms", verb(),
				transport(manager), eventClasses, reason.getMessage(), pause.toMillis());
		Duration next = pause.multipliedBy(2);
		schedule(manager, eventClasses, (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE, pause);
	}

	private void schedule(TopologyManager manager, Collection<Class<?>> eventClasses, Duration pause, Duration delay) {
		try {
			this.executor.schedule(() -> applyLater(manager, eventClasses, pause), delay.toMillis(),
					TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			log.debug("Closed before {} could be asked", transport(manager), ex);
		}
	}

	private static String transport(TopologyManager manager) {
		return manager.reader().transport();
	}

	private String verb() {
		return this.mode.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Stops asking brokers that do not answer. A call that is on its way is interrupted.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
