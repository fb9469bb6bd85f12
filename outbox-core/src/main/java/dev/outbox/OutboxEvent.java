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

package dev.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how events of a class are published. Such events may also be published through
 * Spring's {@code ApplicationEventPublisher}.
 * <p>
 * On an interface it says so for each class that implements it and says nothing itself,
 * for example for the records of a sealed interface: with a type of their own, which is
 * made of the name of the class, unless {@link #type} is given. That is then the type of
 * one class: the first event of a second one is refused. What a class or a superclass of
 * it says wins over an interface, an interface wins over one that it extends, and a class
 * with two others that both say something is refused. Lambdas, proxies and anonymous
 * classes have no lasting name, so an interface alone does not make them events: they are
 * refused.
 * <p>
 * On another annotation it makes the classes that carry that one events, for example with
 * a common aggregate type; a text attribute {@code key} of that annotation counts like
 * {@link #key} here. What a class says itself wins.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OutboxEvent {

	/**
	 * Logical type of the event, for example {@code order.placed}: the name under which
	 * consumers know it. Survives a renaming of the class.
	 * @return the type; empty for the class's simple name in lower case with dots
	 */
	String type() default "";

	/**
	 * Version of the type.
	 * @return the version, 1 or higher
	 */
	int version() default 1;

	/**
	 * Name of the property (a record component, a getter or a field) that is the event's
	 * key. Events of one key are delivered in order.
	 * @return the property; empty if events of this class are not ordered
	 */
	String key() default "";

	/**
	 * Type of the aggregate that the event is about.
	 * @return the aggregate type, empty for none
	 */
	String aggregateType() default "";

	/**
	 * Where events of this class go.
	 * @return name of the topic, exchange or queue; empty for
	 * <code>{aggregateType}-events</code>
	 */
	String destination() default "";

	/**
	 * Transport that events of this class go through.
	 * @return name of the transport, for example {@code kafka}; empty for the default one
	 */
	String transport() default "";

}
