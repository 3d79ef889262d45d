package probe

import "container/list"

// recent keeps one thing for each of a limited number of subjects: the ones
// that were last set.
type recent[T any] struct {
	most     int
	elements map[Subject]*list.Element // of *kept[T]
	order    *list.List                // the last one set first
}

// kept is what is kept for a subject.
type kept[T any] struct {
	subject Subject
	thing   T
}

// newRecent makes a recent for so many subjects.
func newRecent[T any](most int) recent[T] {
	return recent[T]{most: most, elements: map[Subject]*list.Element{}, order: list.New()}
}

// get is what is kept for the subject, to be read or changed; nil if there is
// nothing.
func (r *recent[T]) get(s Subject) *T {
	element, ok := r.elements[s]
	if !ok {
		return nil
	}
	return &element.Value.(*kept[T]).thing
}

// set keeps a thing for the subject. If there are too many, the one that was
// not set for the longest time goes.
func (r *recent[T]) set(s Subject, thing T) {
	if element, ok := r.elements[s]; ok {
		element.Value.(*kept[T]).thing = thing
		r.order.MoveToFront(element)
		return
	}
	r.elements[s] = r.order.PushFront(&kept[T]{s, thing})
	if r.order.Len() > r.most {
		oldest := r.order.Remove(r.order.Back()).(*kept[T])
		delete(r.elements, oldest.subject)
	}
}

// all is what is kept, the last one set first.
func (r *recent[T]) all() []T {
	things := make([]T, 0, r.order.Len())
	for element := r.order.Front(); element != nil; element = element.Next() {
		things = append(things, element.Value.(*kept[T]).thing)
	}
	return things
}

// drop forgets what is kept for the subjects that no longer count.
func (r *recent[T]) drop(gone func(Subject) bool) {
	for s, element := range r.elements {
		if gone(s) {
			r.order.Remove(element)
			delete(r.elements, s)
		}
	}
}
