"""The arm's rigid-body dynamics, by Pinocchio, from the arm's description.

Torques are linear in the standard inertial parameters of the bodies, so that what an identification needs is a set of
regressors, computed once a recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pinocchio
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from benchmark.model.standard_parameters import STANDARD_COUNT
from datasets.description import GROUND, ArmDescription, Body, Joint, Vector

Array = NDArray[np.float64]
POSITION_STEP_RAD = 1e-5  # of central differences: truncation and rounding both cost some 1e-11 of a torque
VELOCITY_STEP_RAD_PER_S = 1.0  # torques are quadratic in velocities: any step is exact


@dataclass(frozen=True)
class Regressors:
    """Coupled dynamics of samples of a motion, linear in the identified bodies' standard parameters p.

    Attributes
    ----------
    torque, torque_known
        K'(M qdd + tau_bias) = torque @ p + torque_known, (T, 5, 30) and (T, 5), in N m.
    inertia, inertia_known
        K'MK = inertia @ p + inertia_known, (T, 5, 5, 30) and (T, 5, 5), in kg m2.
    """

    torque: Array
    torque_known: Array
    inertia: Array
    inertia_known: Array


@dataclass(frozen=True)
class TorqueSlopes:
    """Derivatives of the torques of samples of a motion, linear in the identified bodies' standard parameters p.

    Attributes
    ----------
    by_position, by_position_known
        Derivative of torque i by coordinate j, by_position[:, i, j] @ p + by_position_known[:, i, j], in N m/rad:
        (T, 5, 5, 30) and (T, 5, 5).
    by_velocity, by_velocity_known
        The same by velocity, in N m s/rad.
    """

    by_position: Array
    by_position_known: Array
    by_velocity: Array
    by_velocity_known: Array


@dataclass(frozen=True)
class FullDynamics:
    """Dynamics of samples of a motion in all 16 coordinates, linear in the identified bodies' standard parameters p.

    Attributes
    ----------
    body_jacobian
        J, (T, bodies, 6, 16): linear and angular velocity of each identified body, in its own frame, by coordinate.
    inertia_known
        What the other bodies add to M = sum J'IJ, (T, 16, 16), in kg m2.
    bias, bias_known
        tau_bias = bias @ p + bias_known, (T, 16, 30) and (T, 16), in N m.
    """

    body_jacobian: Array
    inertia_known: Array
    bias: Array
    bias_known: Array


class Place(NamedTuple):
    """Where a body is: the joint that carries it (0 for the ground), and its frame in that of the joint."""

    joint: int
    at: pinocchio.SE3


class Arm:
    """A tree of hinge joints with fixed offsets and linear couplings, q = K y + q_0.

    Shapes are those of the suite's own arm: 16 coordinates, 5 of them independent, and 3 bodies to identify.

    Attributes
    ----------
    description
        What it is made from.
    coupling, offset
        K, (16, 5), and q_0, (16,), in rad.
    model
        Pinocchio's model, with a hinge a coordinate.
    """

    def __init__(self, description: ArmDescription) -> None:
        self.description = description
        self.coupling, self.offset = description.coupling_matrix(), description.offset_rad()
        self.model, places = _build_model(description)
        self._places = [places[name] for name in description.identified_bodies]
        self._own = [_inertia(description.body(name)) for name in description.identified_bodies]
        every = STANDARD_COUNT * (self.model.njoints - 1)
        moving = [_on_joints(place, every) for place in self._places]
        self._moving = np.hstack([np.empty((every, 0)), *moving])
        self._known = np.concatenate([inertia.toDynamicParameters() for inertia in list(self.model.inertias)[1:]])
        for rows, own in zip(moving, self._own, strict=True):
            self._known -= rows @ own.toDynamicParameters()
        self._weightless = self.model.copy()
        self._weightless.gravity = pinocchio.Motion.Zero()

    def mass_matrix(self, position: Array) -> Array:
        """M (kg m2), (16, 16), at all coordinates `position` (rad), (16,)."""
        upper = np.triu(pinocchio.crba(self.model, self.model.createData(), position))
        return np.asarray(upper + np.triu(upper, 1).T)

    def bias_torque(self, position: Array, velocity: Array) -> Array:
        """tau_bias of eq. (1), (16,), in N m: Coriolis, centrifugal and gravity torques."""
        return np.array(pinocchio.nonLinearEffects(self.model, self.model.createData(), position, velocity))

    def regressors(self, position: Array, velocity: Array, acceleration: Array) -> Regressors:
        """Regressors of a motion in the independent coordinates, (T, 5) each, in rad, rad/s and rad/s2."""
        data, K = self.model.createData(), self.coupling
        still = np.zeros(self.model.nv)
        samples, independent = position.shape
        torque = self._torque(position, velocity, acceleration)
        inertia = np.empty((samples, independent, independent, self._known.size))
        for t in range(samples):
            q = K @ position[t] + self.offset
            for j in range(independent):
                column = pinocchio.computeJointTorqueRegressor(self._weightless, data, q, still, K[:, j])
                inertia[t, :, j] = K.T @ column
        return Regressors(*self._apart(torque), *self._apart(inertia))

    def torque_slopes(self, position: Array, velocity: Array, acceleration: Array) -> TorqueSlopes:
        """How the torques of a motion, (T, 5) each, change with positions and velocities, by central differences."""
        motion = (position, velocity, acceleration)
        by_position = self._differences(motion, 0, POSITION_STEP_RAD)
        return TorqueSlopes(*by_position, *self._differences(motion, 1, VELOCITY_STEP_RAD_PER_S))

    def _differences(self, motion: Sequence[Array], place: int, step: float) -> tuple[Array, Array]:
        """Derivatives of torques by each coordinate of one of the three parts of a motion."""
        columns = []
        for direction in step * np.eye(self.coupling.shape[1]):
            ahead, behind = (
                self._torque(*(part + side * direction if own == place else part for own, part in enumerate(motion)))
                for side in (1.0, -1.0)
            )
            columns.append((ahead - behind) / (2.0 * step))
        return self._apart(np.stack(columns, axis=2))

    def _torque(self, position: Array, velocity: Array, acceleration: Array) -> Array:
        """K'(M qdd + tau_bias) over the standard parameters of all bodies, (T, 5, all)."""
        data, K = self.model.createData(), self.coupling
        torque = np.empty((*position.shape, self._known.size))
        for t in range(len(position)):
            q, v, a = K @ position[t] + self.offset, K @ velocity[t], K @ acceleration[t]
            torque[t] = K.T @ pinocchio.computeJointTorqueRegressor(self.model, data, q, v, a)
        return torque

    def _apart(self, rows: Array) -> tuple[Array, Array]:
        """What rows over all bodies' parameters say of those to be identified, and what the others' come to."""
        return rows @ self._moving, rows @ self._known

    def full_dynamics(self, position: Array, velocity: Array) -> FullDynamics:
        """What M and tau_bias of eq. (1) are made of, along a motion of the independent coordinates, (T, 5) each."""
        data, K = self.model.createData(), self.coupling
        still = np.zeros(self.model.nv)
        samples, bodies = len(position), len(self._places)
        jacobian = np.empty((samples, bodies, 6, self.model.nv))
        inertia = np.empty((samples, self.model.nv, self.model.nv))
        bias = np.empty((samples, self.model.nv, self._known.size))
        for t in range(samples):
            q, v = K @ position[t] + self.offset, K @ velocity[t]
            inertia[t] = self.mass_matrix(q)
            bias[t] = pinocchio.computeJointTorqueRegressor(self.model, data, q, v, still)
            pinocchio.computeJointJacobians(self.model, data, q)
            for b, (joint, place) in enumerate(self._places):
                of_joint = pinocchio.getJointJacobian(self.model, data, joint, pinocchio.ReferenceFrame.LOCAL)
                jacobian[t, b] = place.toActionMatrixInverse() @ of_joint
        own = [body.matrix() for body in self._own]
        inertia -= np.einsum("tbij,bik,tbkl->tjl", jacobian, np.array(own), jacobian, optimize=True)
        return FullDynamics(jacobian, inertia, *self._apart(bias))


def _build_model(description: ArmDescription) -> tuple[pinocchio.Model, dict[str, Place]]:
    """The Pinocchio model, and where each body is."""
    model = pinocchio.Model()
    model.gravity = pinocchio.Motion(np.array(description.gravity_m_per_s2), np.zeros(3))
    places = {GROUND: Place(0, pinocchio.SE3.Identity())}
    for joint in description.joints:
        place = places[joint.child] = _append_joint(model, joint, places[joint.parent])
        model.appendBodyToJoint(place.joint, _inertia(description.body(joint.child)), place.at)
    return model, places


def _append_joint(model: pinocchio.Model, joint: Joint, parent: Place) -> Place:
    """Add a joint's rotations to the tree; return the child's place."""
    index, at = parent.joint, parent.at * _transform(joint.origin_m, joint.orientation_rad)
    for turn in joint.rotations:
        axis = np.array(turn.axis) / np.linalg.norm(turn.axis)
        index = model.addJoint(index, pinocchio.JointModelRevoluteUnaligned(axis), at, turn.coordinate)
        at = pinocchio.SE3.Identity()
    return Place(index, at * _transform(joint.child_origin_m, joint.child_orientation_rad).inverse())


def _transform(origin_m: Vector, orientation_rad: Vector) -> pinocchio.SE3:
    turned = Rotation.from_euler("XYZ", orientation_rad).as_matrix() if any(orientation_rad) else np.eye(3)
    return pinocchio.SE3(turned, np.array(origin_m))


def _on_joints(place: Place, every: int) -> Array:
    """From a body's standard parameters to those that it adds to the joints', (every, 10): they are linear."""
    rows = np.zeros((every, STANDARD_COUNT))
    first = STANDARD_COUNT * (place.joint - 1)
    point_mass, *others = np.eye(STANDARD_COUNT)
    at_joint = [_moved(place.at, point_mass), *(_moved(place.at, point_mass + other) for other in others)]
    rows[first : first + STANDARD_COUNT] = np.transpose([at_joint[0], *(moved - at_joint[0] for moved in at_joint[1:])])
    return rows


def _moved(at: pinocchio.SE3, standard: Array) -> Array:
    """Standard parameters of a body of some mass in another frame, in which its own is `at`."""
    return np.array(at.act(pinocchio.Inertia.FromDynamicParameters(standard)).toDynamicParameters())


def _inertia(body: Body) -> pinocchio.Inertia:
    xx, yy, zz, xy, xz, yz = body.inertia_kg_m2
    matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    return pinocchio.Inertia(body.mass_kg, np.array(body.centre_of_mass_m), matrix)
