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

package dev.outbox.diagnostics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import dev.outbox.BatchResult;
import dev.outbox.BatchSendException;
import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxException;
import dev.outbox.SendFailedException;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.SendTimeoutException;
import dev.outbox.topology.TopologyException;
import dev.outbox.transport.TopologyDifference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An exception may leave the process, with RMI or a job's state for example, and still
 * says what it has said here.
 */
class ExceptionSerializationTests {

	private static final SendResult FAILED = failed(
			new SendFailure(FailureKind.UNAVAILABLE, "no connection", new IllegalStateException("refused"), false));

	private static final Map<Type, Object> SAMPLES = Map.of(String.class, "text", int.class, 3, long.class, 4L,
			Throwable.class, new IllegalStateException("cause"), SendResult.class, FAILED, BatchResult.class,
			new BatchResult(List.of(FAILED)), TopologyDifference.class, TopologyDifference.of("queue 'a'", "missing"));

	static List<Class<?>> exceptions() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AssignableTypeFilter(OutboxException.class));
		return scanner.findCandidateComponents("dev.outbox")
			.stream()
			.<Class<?>>map(
					(definition) -> ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), null))
			.filter((type) -> Modifier.isPublic(type.getModifiers()))
			.toList();
	}

	@Test
	void theExceptionsOfAllModulesAreFound() {
		assertThat(exceptions()).contains(OutboxException.class, SendTimeoutException.class, TopologyException.class,
				SharedTablesException.class);
	}

	@ParameterizedTest
	@MethodSource("exceptions")
	void anExceptionSaysTheSameAfterItWasWrittenAndRead(Class<? extends OutboxException> type) throws Exception {
		OutboxException original = sample(type);
		OutboxException read = writtenAndRead(original);
		assertThat(read).isExactlyInstanceOf(type).hasMessage(original.getMessage());
		assertThat(read.getStackTrace()).isEqualTo(original.getStackTrace());
		assertThat(String.valueOf(read.getCause())).isEqualTo(String.valueOf(original.getCause()));
		assertThat(said(read)).isEqualTo(said(original));
	}

	/**
	 * That of RabbitMQ's client holds its connection.
	 */
	@Test
	void ofACauseThatCannotBeWrittenTheTextIs() throws Exception {
		SendFailure failure = new SendFailure(FailureKind.REJECTED, "no", new UnwritableException("closed"));
		SendFailedException read = writtenAndRead(new SendFailedException(failed(failure)));
		assertThat(read.kind()).isEqualTo(FailureKind.REJECTED);
		assertThat(read.mayHaveArrived()).isFalse();
		assertThat(read.getCause()).isExactlyInstanceOf(OutboxException.class)
			.hasMessage(UnwritableException.class.getName() + ": closed");
	}

	@Test
	void aTimeoutWhoseCauseCannotBeWrittenStaysOne() throws Exception {
		SendFailure failure = SendFailure.timedOut("no answer", new UnwritableException("closed"), true);
		BatchSendException read = writtenAndRead(new BatchSendException(new BatchResult(List.of(failed(failure)))));
		assertThat(read).hasCauseExactlyInstanceOf(SendTimeoutException.class)
			.hasRootCauseInstanceOf(TimeoutException.class);
		assertThat(read.result().failures().get(0).failure().isTimeout()).isTrue();
	}

	private static SendResult failed(SendFailure failure) {
		return new SendResult(UUID.randomUUID(), "order.placed", "o-1", new Destination("kafka", "orders"),
				Instant.EPOCH, null, failure);
	}

	private static <T> T sample(Class<T> type) throws ReflectiveOperationException {
		Constructor<?> constructor = type.getDeclaredConstructors()[0];
		constructor.setAccessible(true);
		return type.cast(constructor.newInstance(Arrays.stream(constructor.getGenericParameterTypes())
			.map(ExceptionSerializationTests::sample)
			.toArray()));
	}

	private static Object sample(Type type) {
		if (type instanceof ParameterizedType container) {
			Object element = sample(container.getActualTypeArguments()[0]);
			return (container.getRawType() == Map.class) ? Map.of(element, element) : List.of(element);
		}
		if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
			return enumeration.getEnumConstants()[0];
		}
		return (type == Object.class) ? "value" : SAMPLES.get(type);
	}

	@SuppressWarnings("unchecked")
	private static <T> T writtenAndRead(T object) throws IOException, ClassNotFoundException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(object);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			return (T) in.readObject();
		}
	}

	/**
	 * Returns what the methods of an exception say that others do not have.
	 */
	private static Map<String, String> said(OutboxException exception) throws ReflectiveOperationException {
		Map<String, String> said = new LinkedHashMap<>();
		Collection<Method> methods = Stream.of(exception.getClass().getMethods())
			.filter((method) -> OutboxException.class.isAssignableFrom(method.getDeclaringClass()))
			.filter((method) -> method.getParameterCount() == 0)
			.toList();
		for (Method method : methods) {
			said.put(method.getName(), String.valueOf(method.invoke(exception)));
		}
		return said;
	}

	/**
	 * An exception with something that cannot be serialized.
	 */
	private static final class UnwritableException extends IllegalStateException {

		private static final long serialVersionUID = 1L;

		@SuppressWarnings("serial")
		private final Object connection = new Object();

		UnwritableException(String message) {
			super(message);
		}

	}

}
