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

package dev.outbox.autoconfigure.instances;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.outbox.MessageSender;
import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.autoconfigure.store.jdbc.TransactionGuard;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.publish.ApplicationEventCapture;
import dev.outbox.store.jdbc.TableNames;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * One of several outboxes: a context of its own below that of the application, whose
 * beans it sees. Properties that are not set for it are those of {@code outbox}.
 */
final class OutboxInstance implements AutoCloseable {

	static final ConfigurationPropertyName CAPTURE = ConfigurationPropertyName.of("outbox.write.capture-events");

	/**
	 * The relay has a timeout of its own.
	 */
	private static final long STOP_TIMEOUT_MILLIS = 24L * 3600 * 1000;

	private final String name;

	private final AnnotationConfigApplicationContext context;

	private final Starter starter = new Starter();

	/**
	 * Sees the beans of the application, but the application does not hear of what
	 * happens in this context: its listeners would take its start for that of the
	 * application.
	 */
	private OutboxInstance(String name, ConfigurableApplicationContext application) {
		this.name = name;
		this.context = new AnnotationConfigApplicationContext(
				new DefaultListableBeanFactory(application.getBeanFactory()));
	}

	/**
	 * Creates all beans of the outbox. Nothing runs yet.
	 * @param name name of the outbox
	 * @param application context of the application
	 */
	static OutboxInstance create(String name, ConfigurableApplicationContext application) {
		OutboxInstance instance = new OutboxInstance(name, application);
		AnnotationConfigApplicationContext context = instance.context;
		context.setId(application.getId() + ":outbox:" + name);
		context.setDisplayName("outbox " + name);
		if (application.getClassLoader() != null) {
			context.setClassLoader(application.getClassLoader());
		}
		ConfigurableEnvironment environment = environment(name, application.getEnvironment());
		refuseMongo(environment);
		context.setEnvironment(environment);
		instance.starter.setTimeoutPerShutdownPhase(STOP_TIMEOUT_MILLIS);
		context.addBeanFactoryPostProcessor((beans) -> {
			instance.starter.setBeanFactory(beans);
			beans.registerSingleton("lifecycleProcessor", instance.starter);
			beans.registerResolvableDependency(ApplicationEventPublisher.class, application);
		});
		context.register(OutboxInstanceConfiguration.class);
		context.refresh();
		context.getBeanProvider(ApplicationEventCapture.class).ifAvailable(application::addApplicationListener);
		return instance;
	}

	private static void refuseMongo(Environment environment) {
		String type = environment.getProperty("outbox.store.type", "");
		if (type.equalsIgnoreCase("mongodb")) {
			throw new InvalidOutboxPropertyException(OutboxInstanceNames.property(environment, "outbox.store.type"),
					type, "be auto, jdbc, jpa or none for one of several outboxes: an outbox in MongoDB is the only one"
							+ " of its application");
		}
	}

	/**
	 * Events are captured only for the outbox that is told to, or each event would be
	 * stored by all of them.
	 */
	private static ConfigurableEnvironment environment(String name, ConfigurableEnvironment application) {
		Map<ConfigurationPropertyName, Object> set = OutboxInstanceNames.properties(application, name);
		set.putIfAbsent(CAPTURE, "false");
		Map<String, Object> own = new HashMap<>();
		own.put(OutboxInstanceNames.CURRENT, name);
		set.forEach((property, value) -> own.put(property.toString(), value));
		ConfigurableEnvironment environment = new StandardEnvironment() {

			@Override
			protected void customizePropertySources(MutablePropertySources sources) {
				sources.addFirst(new MapPropertySource("outbox.instances." + name, own));
			}

		};
		environment.setConversionService(application.getConversionService());
		environment.merge(application);
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	/**
	 * Returns a bean without which the outbox is none.
	 */
	<T> T get(Class<T> type) {
		return find(type).orElseThrow(() -> new OutboxException(
				"The outbox '" + this.name + "' has no " + type.getSimpleName() + ", because " + missing(type)));
	}

	private String missing(Class<?> type) {
		String own = "outbox.instances." + this.name;
		if (type == MessageSender.class) {
			return "it has no transport; the application was not started. Add a broker, for example"
					+ " spring-boot-starter-kafka or spring-boot-starter-amqp, or do not ask for its sender";
		}
		return "there is no database to store events in; the application was not started. Define a DataSource, and if"
				+ " there are several, name one of them with " + own + ".store.data-source. In MongoDB there can be one"
				+ " outbox only, without outbox.instances";
	}

	/**
	 * Returns a bean of this outbox, not one of the application.
	 */
	<T> Optional<T> find(Class<T> type) {
		return Arrays.stream(this.context.getBeanNamesForType(type))
			.findFirst()
			.map((bean) -> this.context.getBean(bean, type));
	}

	/**
	 * Returns where its tables are, nowhere if it has no database.
	 */
	Optional<InstanceTables> tables() {
		TransactionGuard guard = this.context.getBeanProvider(TransactionGuard.class).getIfAvailable();
		TableNames names = this.context.getBeanProvider(TableNames.class).getIfAvailable();
		return (guard != null && names != null)
				? Optional.of(InstanceTables.of(guard.transactions().dataSource(), names)) : Optional.empty();
	}

	TransactionExecutionListener transactions() {
		return get(TransactionGuard.class).transactions();
	}

	void start() {
		this.starter.startNow();
	}

	void stop() {
		this.context.stop();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Starts what starts by itself, but not before the application does.
	 */
	private static final class Starter extends DefaultLifecycleProcessor {

		@Override
		public void onRefresh() {
		}

		void startNow() {
			super.onRefresh();
		}

	}

}
